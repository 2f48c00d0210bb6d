package import Records

/// What a bundle may carry. Each kind has a folder of its name, and only files that its reader reads.
package enum ContentKind: String, Codable, Sendable, CaseIterable, Comparable {
  case rules, templates, trust
  case endOfSupport = "end-of-support"
  case grading, posture

  package var title: BilingualText {
    switch self {
    case .rules: BilingualText(en: "network rules", zh: "检测规则")
    case .templates: BilingualText(en: "web templates", zh: "网页检查模板")
    case .trust: BilingualText(en: "trust stores", zh: "信任根证书")
    case .endOfSupport: BilingualText(en: "end of support", zh: "停止支持日期")
    case .grading: BilingualText(en: "grading", zh: "评级数据")
    case .posture: BilingualText(en: "posture indicators", zh: "态势指标")
    }
  }

  /// Where what comes with the program lies below its share folder; nil: nothing comes.
  package var shippedFolder: String? {
    switch self {
    case .rules: "Rules/network"
    case .templates: "Rules/templates"
    case .trust: nil
    case .endOfSupport: "Rules/end-of-support"
    case .grading: "Rules/grading"
    case .posture: "Rules/posture"
    }
  }

  /// Which role must begin anew to work with new content; nil: the hub itself, which reads it while it runs.
  package var reader: Reader {
    switch self {
    case .rules: .sensor
    case .templates, .trust, .endOfSupport, .grading: .scanner
    case .posture: .hub
    }
  }
  package enum Reader: String, Codable, Sendable { case sensor, scanner, hub }

  /// Whether `parts`, the path below the kind's folder, names a file that the kind's reader reads.
  func allows(_ parts: [String]) -> Bool {
    guard let name = parts.last else { return false }
    switch self {
    case .rules: return parts.count == 1 && (name.hasSuffix(".rules") || ContentKind.ruleTables.contains(name))
    case .templates: return name.hasSuffix(".yaml")
    case .trust: return parts.count == 1 && name.hasSuffix(".pem")
    case .endOfSupport: return parts == ["products.yaml"]
    case .grading: return parts.count == 1 && ContentKind.gradingFiles.contains(name)
    case .posture: return parts == ["tree.yaml"] || (parts.count == 2 && name.hasSuffix(".yaml"))
    }
  }

  /// What may lie beside the rules: the texts of their classes and references.
  package static let ruleTables = ["classification.config", "reference.config"]
  package static let gradingFiles = ["certificate-lifetime.yaml", "tls-profiles.yaml"]

  package static func < (left: ContentKind, right: ContentKind) -> Bool { left.rawValue < right.rawValue }
}
