import Scanner

/// What came of one job. (The API has a `ScanReport` of its own; a file cannot name both.)
typealias JobReport = ScanReport
