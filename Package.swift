// swift-tools-version: 6.2
import PackageDescription

// The same for every target of ours: Swift 6 mode, explicit existentials and imports, every unsafe use marked,
// and no warning left standing. By the manifest, because command-line flags would also meet the dependencies.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

// Where packets are, a release build does not check at run time that accesses do not overlap: that costs an eighth of
// the packet's time, and a trap there would blind the sensor. Debug builds check, and every test runs in them
// (Documentation/decisions/0020-exclusivity-where-packets-are.md).
let unchecked: SwiftSetting = .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))

let thirdParty: [String: Target.Dependency] = [
  "ArgumentParser": .product(name: "ArgumentParser", package: "swift-argument-parser"),
  "GRDB": .product(name: "GRDB", package: "GRDB.swift"),
  "GRDBSQLite": .product(name: "GRDBSQLite", package: "GRDB.swift"),
  "Hummingbird": .product(name: "Hummingbird", package: "hummingbird"),
  "HummingbirdCore": .product(name: "HummingbirdCore", package: "hummingbird"),
  "Logging": .product(name: "Logging", package: "swift-log"),
  "Mustache": .product(name: "Mustache", package: "swift-mustache"),
  "NIOEmbedded": .product(name: "NIOEmbedded", package: "swift-nio"),
  "NIOHTTPTypes": .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
  "NIOSSL": .product(name: "NIOSSL", package: "swift-nio-ssl"),
  "NIOCore": .product(name: "NIOCore", package: "swift-nio"),
  "NIOPosix": .product(name: "NIOPosix", package: "swift-nio"),
  "ServiceLifecycle": .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
  "Yams": .product(name: "Yams", package: "Yams"),
]

func dependencies(_ names: [String]) -> [Target.Dependency] { names.map { thirdParty[$0] ?? .target(name: $0) } }

/// A module of the house: `HouseCheck` compares each of these lines with Documentation/house.md.
func module(_ name: String, _ names: [String]) -> Target {
  .target(name: name, dependencies: dependencies(names), swiftSettings: house)
}

/// A module on the packet's way.
func hot(_ target: Target) -> Target {
  target.swiftSettings = house + [unchecked]
  return target
}

func program(_ name: String, _ names: [String]) -> Target {
  .executableTarget(name: name, dependencies: dependencies(names), swiftSettings: house)
}

func tests(_ name: String, _ names: [String], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies(names), exclude: exclude, swiftSettings: house)
}

/// A small C target whose header gives Swift what it cannot import by itself.
func shim(_ name: String, link libraries: [String] = []) -> Target {
  .target(name: name, linkerSettings: libraries.map { .linkedLibrary($0) })
}

let package = Package(
  name: "vigil",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CCompression"),
    .systemLibrary(name: "CHyperscan"),
    .systemLibrary(name: "CPCRE2"),
    .systemLibrary(name: "CPcap"),
    .systemLibrary(name: "CUnbound"),
    .systemLibrary(name: "CDomainNames"),
    .systemLibrary(name: "CGumbo"),
    .systemLibrary(name: "CExpat"),
    shim("CCurl", link: ["curl"]),
    shim("COpenSSL", link: ["ssl", "crypto"]),
    shim("CLinux"),

    module("Wire", []),
    module("PatternMatching", ["CHyperscan", "CPCRE2"]),
    module("Manual", []),
    module("Records", ["Wire", "COpenSSL"]),
    module("Documents", ["Yams", "CExpat"]),
    module("RuleLanguage", ["Wire"]),
    hot(module("AppLayer", ["Wire", "CCompression", "COpenSSL"])),
    hot(module("Decode", ["Wire"])),
    hot(module("Capture", ["Wire", "CPcap", "CLinux"])),
    module("ContentBundle", ["Wire", "Records", "Documents", "COpenSSL"]),
    module("Seam", ["Wire", "Records"]),
    hot(module("Flow", ["Wire", "Decode"])),
    hot(module("Detection", ["Wire", "Decode", "Flow", "AppLayer", "RuleLanguage", "PatternMatching", "Records"])),
    module(
      "Engines",
      [
        "Wire", "Records", "PatternMatching", "Documents", "COpenSSL", "CCurl", "CUnbound", "CDomainNames", "CGumbo",
        "CLinux",
      ]),
    module("Scheduling", ["Wire", "Records", "Documents"]),
    module("Services", ["Wire", "Records"]),
    module("Store", ["Wire", "Records", "GRDB", "GRDBSQLite"]),
    hot(
      module(
        "Sensor",
        [
          "Wire", "Capture", "Decode", "Flow", "AppLayer", "RuleLanguage", "PatternMatching", "Detection", "Records",
          "Seam", "Documents", "CLinux", "COpenSSL",
        ])),
    module("Scanner", ["Wire", "Engines", "Records", "Seam"]),
    module("ControlAPI", ["Wire", "Records", "CCurl"]),
    module(
      "Hub",
      [
        "Wire", "Services", "Scheduling", "Store", "Seam", "ControlAPI", "Reports", "Documents", "Records",
        "ContentBundle", "CCurl",
        "COpenSSL", "CLinux", "Hummingbird", "HummingbirdCore", "ServiceLifecycle", "Logging", "NIOCore", "NIOPosix",
        "NIOSSL", "NIOHTTPTypes",
      ]),
    module("Reports", ["Wire", "Records", "Mustache"]),
    module("Dashboard", ["Wire", "Records", "ControlAPI", "Documents", "RuleLanguage"]),
    module("DemoCity", ["Wire", "COpenSSL", "CLinux"]),
    module("TestSupport", ["Wire"]),
    module(
      "FuzzEntrances",
      [
        "Wire", "Decode", "Capture", "Flow", "AppLayer", "RuleLanguage", "Documents", "Detection", "Sensor", "Records",
        "Seam", "ControlAPI", "Engines", "Scheduling", "Services", "ContentBundle", "Reports", "Store", "TestSupport",
      ]),

    program(
      "vigil",
      [
        "Hub", "Sensor", "Scanner", "Dashboard", "DemoCity", "Engines", "Scheduling", "Store", "Seam", "ControlAPI",
        "Documents", "Records", "ContentBundle", "Manual",
        "Capture", "Decode", "Flow", "Detection", "RuleLanguage", "Wire", "CLinux", "ArgumentParser",
      ]),
    program("HouseCheck", []),
    program("Fuzz", ["FuzzEntrances"]),
    program(
      "Benchmarks",
      [
        "Wire", "Capture", "Decode", "Flow", "Detection", "RuleLanguage", "Records", "Sensor", "TestSupport", "CLinux",
        "CPcap", "Scheduling", "Services", "Store", "GRDB", "Dashboard", "ControlAPI",
      ]),

    tests("WireTests", ["Wire", "TestSupport", "COpenSSL"]),
    tests("PatternMatchingTests", ["PatternMatching"]),
    tests("RecordsTests", ["Records", "Wire"]),
    tests("DocumentsTests", ["Documents"]),
    tests("RuleLanguageTests", ["RuleLanguage", "Wire"]),
    tests("AppLayerTests", ["AppLayer", "Wire", "CCompression", "COpenSSL", "TestSupport"]),
    tests("ContentBundleTests", ["ContentBundle", "Records", "Wire"]),
    tests("DecodeTests", ["Decode", "Wire", "TestSupport"]),
    tests("CaptureTests", ["Capture", "Wire", "TestSupport"]),
    tests(
      "DemoCityTests",
      ["DemoCity", "Wire", "COpenSSL", "Capture", "Decode", "Scheduling", "Documents", "Records"]),
    tests("SeamTests", ["Seam", "Records", "Wire"]),
    tests("FlowTests", ["Flow", "Decode", "Wire"]),
    tests(
      "DetectionTests",
      ["Detection", "Wire", "Decode", "Flow", "AppLayer", "RuleLanguage", "PatternMatching", "Records"]),
    tests("EnginesTests", ["Engines", "Records", "Wire", "COpenSSL", "Documents"]),
    tests(
      "FarmTests",
      [
        "Engines", "Scanner", "Scheduling", "Records", "Wire", "Services", "Hub", "DemoCity", "Sensor", "Capture",
        "RuleLanguage", "TestSupport", "Store", "Seam", "ControlAPI", "Hummingbird", "Logging", "NIOCore",
      ]),
    tests("SchedulingTests", ["Scheduling", "Records", "Wire", "Documents"]),
    tests("ServicesTests", ["Services", "Records", "Wire"]),
    tests("StoreTests", ["Store", "Services", "Records", "Wire", "GRDB"]),
    tests("ScannerTests", ["Scanner", "Engines", "Records", "Wire", "COpenSSL", "Seam", "Scheduling"]),
    tests("ControlAPITests", ["ControlAPI", "Records", "Wire"]),
    tests("ReportsTests", ["Reports", "Engines", "Documents", "Records", "Wire"], exclude: ["Golden"]),
    tests(
      "HubTests",
      [
        "Hub", "Services", "Scheduling", "Store", "Seam", "ControlAPI", "Reports", "Documents", "Engines", "Records",
        "Wire", "ContentBundle", "Hummingbird", "NIOCore", "NIOEmbedded", "NIOHTTPTypes", "CLinux", "TestSupport",
      ]),
    tests(
      "DeliveryTests",
      [
        "Hub", "Services", "Store", "ControlAPI", "Records", "Wire", "Logging", "ServiceLifecycle", "Hummingbird",
        "TestSupport",
      ]),
    tests("DashboardTests", ["Dashboard", "ControlAPI", "Documents", "Records", "Wire"], exclude: ["Golden"]),
    tests("ManualTests", ["Manual"]),
    tests("HouseCheckTests", ["HouseCheck"]),
    tests("FuzzTests", ["FuzzEntrances"]),
    tests(
      "SensorTests",
      [
        "Sensor", "Capture", "Decode", "Flow", "AppLayer", "Detection", "RuleLanguage", "Records", "Seam", "Documents",
        "Wire", "CLinux", "TestSupport",
      ]),
    tests(
      "VerifyTests",
      [
        "Sensor", "Capture", "Decode", "Detection", "RuleLanguage", "Documents", "Records", "Wire", "TestSupport",
      ]),
    tests("EndToEndTests", ["TestSupport", "Wire", "ControlAPI", "Records"]),
  ]
)
