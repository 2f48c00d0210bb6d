/// # TestSupport: what tests of several modules build with
///
/// Packets, capture files, and other inputs as code rather than as binary files. Only test targets import it.
