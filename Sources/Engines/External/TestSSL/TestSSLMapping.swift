/// How testssl.sh words its results, and the checks that ask the same. Of 3.0 and 3.2, as their sources write them.
package enum TestSSLMapping {
  /// Beginnings of the finding's text, lower case; the first that fits decides, `no` before `yes`.
  package struct Wording: Sendable {
    package var no: [String]
    package var yes: [String]
    package var checks: [String]
    init(_ checks: [String], yes: [String], no: [String]) { (self.checks, self.yes, self.no) = (checks, yes, no) }
  }

  package static let wordings: [String: Wording] = [
    "SSLv2": offered("tls.version.ssl2"),
    "SSLv3": offered("tls.version.ssl3"),
    "TLS1": offered("tls.version.tls1_0"),
    "TLS1_1": offered("tls.version.tls1_1"),
    "TLS1_3": Wording(["tls.version.no_tls1_3"], yes: ["not offered"], no: ["offered"]),
    "cipherlist_NULL": offered("tls.suite.null"),
    "cipherlist_aNULL": offered("tls.suite.anonymous"),
    "cipherlist_EXPORT": offered("tls.suite.export"),
    // DES, RC2 and RC4 together: that none is offered is said of each, that one is not.
    "cipherlist_LOW": Wording(["tls.suite.des", "tls.suite.rc4"], yes: [], no: ["not offered"]),
    "cipherlist_3DES_IDEA": Wording(["tls.suite.3des"], yes: [], no: ["not offered"]),
    "cipher_order": Wording(
      ["tls.suite.client_preference"], yes: ["not a cipher order", "no cipher order", "client"], no: ["server"]),
    "secure_renego": Wording(
      ["tls.renegotiation.insecure"], yes: ["not supported", "vulnerable"], no: ["supported", "not vulnerable"]),
    "secure_client_renego": vulnerable("tls.renegotiation.client_initiated"),
    "CRIME_TLS": vulnerable("tls.compression"),
    "fallback_SCSV": Wording(
      ["tls.version.no_fallback_scsv"], yes: ["downgrade attack prevention not", "not supported"], no: ["supported"]),
    "heartbleed": vulnerable("tls.weakness.heartbleed"),
    "CCS": vulnerable("tls.weakness.ccs_injection"),
    "ticketbleed": vulnerable("tls.weakness.ticketbleed"),
    "ROBOT": vulnerable("tls.weakness.robot"),
    "POODLE_SSL": vulnerable("tls.weakness.poodle"),
    "SWEET32": Wording(["tls.weakness.sweet32"], yes: ["uses 64 bit", "vulnerable"], no: ["not vulnerable"]),
    "FREAK": vulnerable("tls.weakness.freak"),
    // A SSLv2 server elsewhere with the same key is a hint of testssl's, and another id.
    "DROWN": vulnerable("tls.weakness.drown"),
    "LOGJAM": vulnerable("tls.weakness.logjam"),
    "BEAST": vulnerable("tls.weakness.beast"),
    "LUCKY13": Wording(["tls.weakness.lucky13"], yes: ["potentially vulnerable"], no: ["not vulnerable"]),
    "RC4": vulnerable("tls.suite.rc4"),
    "cert_expirationStatus": Wording(["certificate.expired"], yes: ["expired"], no: ["ok", "expires", "ok:"]),
    "cert_signatureAlgorithm": Wording(
      ["certificate.weak_signature"], yes: ["sha1 ", "sha1-", "md5", "md2", "ecdsa with sha1"],
      no: ["sha256", "sha384", "sha512", "sha224", "ecdsa with sha2", "ecdsa with sha3", "ecdsa with sha5"]),
    "cert_chain_of_trust": Wording(
      ["certificate.self_signed"], yes: ["failed (self signed)", "failed (self-signed)"], no: ["passed"]),
    "cert_trust": Wording(
      ["certificate.name_mismatch"], yes: ["certificate does not match", "no match"], no: ["ok via"]),
  ]

  package static let checks = wordings.mapValues(\.checks)

  /// Ids that repeat another, tell no weakness, or tell of the run.
  package static let ignored: Set<String> = [
    "engine_problem", "scanTime", "scanProblem", "service", "host_certificate_Problem", "cert_notAfter", "cert",
    "DROWN_hint", "LOGJAM-common_primes", "overall_grade", "final_score", "cert_revocation", "DNS_CAArecord",
    "cert_fingerprintSHA1", "cert_fingerprintSHA256", "intermediate_cert", "optimal_proto",
  ]

  private static func offered(_ check: String) -> Wording {
    Wording([check], yes: ["offered", "supported", "vulnerable"], no: ["not offered"])
  }
  private static func vulnerable(_ check: String) -> Wording {
    Wording([check], yes: ["vulnerable", "likely vulnerable"], no: ["not vulnerable"])
  }
}
