import COpenSSL
import Testing

@testable import DemoCity

private let served = CityTable.sites.filter { $0.scheme == .https && !$0.weaknesses.contains(where: \.isMute) }

extension CitySite: CustomTestStringConvertible {
  public var testDescription: String { id }
}

@Suite("The city's certificates and TLS")
struct CertificateTests {
  /// In the order in which OpenSSL finds them.
  private func expectedVerdict(_ site: CitySite) -> Int32 {
    let weaknesses = site.weaknesses
    if weaknesses.contains(.selfSigned) { return X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT }
    if weaknesses.contains(.incompleteChain) { return X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE }
    if weaknesses.contains(.expired) { return X509_V_ERR_CERT_HAS_EXPIRED }
    if weaknesses.contains(.notYetValid) { return X509_V_ERR_CERT_NOT_YET_VALID }
    if weaknesses.contains(.wrongName) { return X509_V_ERR_HOSTNAME_MISMATCH }
    return X509_V_OK
  }

  @Test("OpenSSL finds in each certificate what the table declares, and nothing else", arguments: served)
  func verdict(site: CitySite) throws {
    let visit = try TLSVisit(site, try RunningCity.get())
    let expected = expectedVerdict(site)
    if site.weaknesses.contains(.incompleteChain) {
      #expect([expected, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY].contains(Int32(visit.verdict)))
    } else {
      #expect(visit.verdict == Int(expected))
    }
    #expect(visit.chainCount == (site.weaknesses.isDisjoint(with: [.selfSigned, .incompleteChain]) ? 2 : 1))
  }

  @Test("keys, signatures and days left are those of the table", arguments: served)
  func content(site: CitySite) throws {
    let visit = try TLSVisit(site, try RunningCity.get())
    let (bits, digest, days) = unsafe try visit.withCertificate { certificate in
      let key = unsafe X509_get0_pubkey(certificate)
      var (days, seconds): (Int32, Int32) = (0, 0)
      unsafe ASN1_TIME_diff(&days, &seconds, nil, X509_get0_notAfter(certificate))
      return unsafe (EVP_PKEY_get_bits(key), X509_get_signature_nid(certificate), days)
    }
    let weaknesses = site.weaknesses
    #expect(bits == (weaknesses.contains(.weakKey) ? 1024 : weaknesses.contains(.noForwardSecrecy) ? 2048 : 256))
    #expect((digest == NID_ecdsa_with_SHA1) == weaknesses.contains(.sha1Signature))
    if weaknesses.contains(.expiresSoon) { #expect((4...5).contains(days)) }
    if weaknesses.isDisjoint(with: [.expiresSoon, .expired]) { #expect(days > 300) }
  }

  private func accepts(_ site: CitySite, _ offer: TLSVisit.Offer) throws -> Bool {
    let parts = try RunningCity.get()
    return (try? TLSVisit(site, parts, offer)) != nil
  }

  @Test("each version is accepted where the table says so, and only there", arguments: served)
  func versions(site: CitySite) throws {
    let old = !site.weaknesses.isDisjoint(with: [.oldVersions, .onlyOldVersions])
    let onlyOld = site.weaknesses.contains(.onlyOldVersions)
    for (version, expected) in [
      (TLS1_VERSION, old), (TLS1_1_VERSION, old), (TLS1_2_VERSION, !onlyOld),
      (TLS1_3_VERSION, !onlyOld && !site.weaknesses.contains(.noTLS13)),
    ] {
      #expect(try accepts(site, .init(versions: version...version)) == expected, "version \(version)")
    }
  }

  @Test("weak suites are accepted where the table says so, and only there", arguments: served)
  func suites(site: CitySite) throws {
    let below13 = TLS1_VERSION...TLS1_2_VERSION
    #expect(
      try accepts(site, .init(versions: below13, suites: "eNULL:@SECLEVEL=0")) == site.weaknesses.contains(.nullCipher))
    #expect(
      try accepts(site, .init(versions: below13, suites: "kRSA:@SECLEVEL=0"))
        == site.weaknesses.contains(.noForwardSecrecy))
  }
}
