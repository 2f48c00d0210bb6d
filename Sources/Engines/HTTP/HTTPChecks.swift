internal import Records

/// Every question of the engine, in the order shown. All are what any visitor sees.
enum HTTPChecks {
  static let all: [Check] = [
    Check("http.unavailable", .high, "the site does not answer", "网站无法访问"),
    Check("http.server_error", .medium, "the site answers with a server error", "网站返回服务器错误"),
    Check("http.redirect.missing", .medium, "plain HTTP is not redirected to HTTPS", "HTTP 未跳转到 HTTPS"),
    Check("http.hsts.missing", .medium, "HSTS is missing", "缺少 HSTS"),
    Check("http.hsts.short", .low, "HSTS lasts less than 180 days", "HSTS 有效期不足 180 天"),
    Check("http.hsts.no_subdomains", .info, "HSTS does not include subdomains", "HSTS 未包含子域名"),
    Check("http.csp.missing", .low, "Content-Security-Policy is missing", "缺少内容安全策略（CSP）"),
    Check("http.csp.unsafe", .low, "Content-Security-Policy permits unsafe scripts", "内容安全策略允许不安全脚本"),
    Check(
      "http.content_type_options.missing", .low, "X-Content-Type-Options: nosniff is missing",
      "缺少 X-Content-Type-Options: nosniff"),
    Check("http.framing.missing", .low, "framing by other sites is not forbidden", "未限制被其他网站嵌入"),
    Check(
      "http.referrer_policy.missing", .low, "Referrer-Policy is missing or leaks whole addresses",
      "缺少 Referrer-Policy 或策略过宽"),
    Check("http.cookie.no_secure", .medium, "a cookie lacks Secure", "Cookie 缺少 Secure 属性"),
    Check("http.cookie.no_httponly", .low, "a cookie lacks HttpOnly", "Cookie 缺少 HttpOnly 属性"),
    Check("http.cookie.no_samesite", .low, "a cookie lacks SameSite", "Cookie 缺少 SameSite 属性"),
    Check("http.version_leak.server", .low, "Server tells a version", "Server 头泄露版本"),
    Check(
      "http.version_leak.powered_by", .low, "X-Powered-By or its like tells the technology", "X-Powered-By 等头泄露技术信息"),
  ]
}
