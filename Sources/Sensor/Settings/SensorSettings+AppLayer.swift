package import AppLayer

extension SensorSettings {
  /// What the parsers are told. Fingerprints and digests cost time: they are computed where a record or a rule asks.
  package func appLayer(for needs: RuleNeeds) -> AppLayerSettings {
    var result = AppLayerSettings()
    result.http.isEnabled = applications.http
    result.http.requestBodyLimit = applications.requestBodyLimit
    result.http.responseBodyLimit = applications.responseBodyLimit
    result.http.layerLimit = applications.decompressionLayers
    result.http.isLZMAEnabled = applications.lzma
    result.http.decodesPathTwice = applications.doubleDecodePath
    result.http.decodesQueryTwice = applications.doubleDecodeQuery
    result.tls.isEnabled = applications.tls
    result.dns.isEnabled = applications.dns
    let wantsJA3 = applications.ja3 || !eve.tls.custom.isDisjoint(with: ["ja3", "ja3s"])
    result.tls.computesJA3 = wantsJA3 || needs.ja3
    result.tls.computesJA4 = applications.ja4 || eve.tls.ja4 || eve.tls.custom.contains("ja4") || needs.ja4
    result.computesMD5 = eve.files.forceMD5 || needs.md5
    result.computesSHA1 = eve.files.forceSHA1 || needs.sha1
    result.computesSHA256 = eve.files.forceSHA256 || needs.sha256
    return result
  }
}
