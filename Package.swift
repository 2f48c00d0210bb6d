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

let package = Package(
  name: "vigil",
  targets: [
    .target(name: "Wire", swiftSettings: house),
  ]
)
