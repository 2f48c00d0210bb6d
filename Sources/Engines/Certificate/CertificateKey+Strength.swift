internal import Wire

/// What a server's key is called, and whether it is worth anything.
enum KeyKind: String, Sendable, Codable, CaseIterable {
  case rsa = "RSA"
  case ecdsa = "ECDSA"
  case edwards = "EdDSA"
  case other
}

enum KeyStrength: Hashable {
  case strong
  case weak(String)
  case unknown
}

extension CertificateKey {
  var kind: KeyKind {
    switch algorithm.name {
    case "rsaEncryption", "rsassaPss": .rsa
    case "ecPublicKey": .ecdsa
    case "Ed25519", "Ed448": .edwards
    default: .other
    }
  }

  var title: String {
    switch algorithm.name {
    case "rsaEncryption": "RSA \(bits)"
    case "rsassaPss": "RSA-PSS \(bits)"
    case "ecPublicKey": "EC \(bits)"
    case "dsa": "DSA \(bits)"
    case let name?: name
    case nil: "key of type \(algorithm)"
    }
  }

  /// NIST SP 800-131A: RSA and DSA from 2048 bits, curves from 224 bits. An RSA exponent of 1 signs nothing.
  var strength: KeyStrength {
    switch algorithm.name {
    case "rsaEncryption", "rsassaPss":
      guard bits > 0 else { return .unknown }
      if let exponent, exponent < 3 || exponent % 2 == 0 { return .weak("\(title) with the exponent \(exponent)") }
      return bits < 2048 ? .weak(title) : .strong
    case "dsa": return bits == 0 ? .unknown : bits < 2048 ? .weak(title) : .strong
    case "ecPublicKey": return bits == 0 ? .unknown : bits < 224 ? .weak(title) : .strong
    case "Ed25519", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87": return .strong
    default: return .unknown
    }
  }
}
