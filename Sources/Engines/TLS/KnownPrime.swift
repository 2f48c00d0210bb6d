internal import COpenSSL
internal import Wire

/// DH groups that many servers share, by the first half of the SHA-256 of their prime. The primes are computed from
/// the formulas of RFC 2409, RFC 3526 and RFC 7919, taken from RFC 5114, or were built into widely used software.
enum KnownPrime {
  /// Nil for a group that is not in the list.
  static func name(of parameters: TLSServerDHParameters) -> String? { names[digest(parameters.prime)] }

  /// Groups of at most 1,024 bits against which one precomputation serves all (Logjam, 2015).
  static let sharedLimit = 1024

  private static func digest(_ bytes: [UInt8]) -> String {
    var result = [UInt8](repeating: 0, count: 32)
    guard unsafe EVP_Digest(bytes, bytes.count, &result, nil, EVP_sha256(), nil) == 1 else { return "" }
    return result.prefix(16).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  private static let names = [
    "b52ba6a3026520a6c49d37e458760180": "RFC 2409 group 1", "3f35a3f5f6c4376a744acad409bb22f8": "RFC 2409 group 2",
    "64fcc83ec403930bf18393dbc883ccaa": "RFC 3526 group 5", "d66436f79bbd6b2e38c0ffbd079be904": "RFC 3526 group 14",
    "48cf8b092fbce4359d9871abf74f98e2": "RFC 3526 group 15", "4ee95187682bcb230ad26a95205f6920": "RFC 3526 group 16",
    "d1bfe6d0925ce7e4da262b62861514a7": "RFC 3526 group 17", "39ab4feab950a3128fb71accb9fc3965": "RFC 3526 group 18",
    "9cd3b7f336872f46c09428d1bbc19877": "ffdhe2048", "0eaf67db3a839156d5013494a5318a77": "ffdhe3072",
    "4648414224ac881b3d0dc59b466f96d0": "ffdhe4096", "227ac9066b3ddd9e193670cda2388fa8": "ffdhe6144",
    "770b14efaf6f049929c523113b3fa99a": "ffdhe8192", "44c55cfee5c075927cf682da5b681bde": "RFC 5114 1024/160",
    "bfe545862ca102ad1eeddb5fbfa5bf85": "RFC 5114 2048/224", "0b7835722cb619827610c2549fdda558": "RFC 5114 2048/256",
    "8ae47dca3d24e9b64640062686da234d": "nginx before 1.11", "db01e702899166da28c9bc7896af62bc": "Apache 2.2, 512 bits",
    "bf910d9df4e0b2e76cda7443f592aa11": "Apache 2.2, 1024 bits",
    "6215d41bb617b390082b066d6856f8b3": "SKIP 1024 (Java, OpenSSL)",
    "f26e2403f3f07946654404909f0ff81d": "SKIP 512 (OpenSSL)",
  ]
}
