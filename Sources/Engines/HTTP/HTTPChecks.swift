internal import Records

/// Every question of the engine, in the order shown: what any visitor sees first, then what is probed for.
enum HTTPChecks {
  static let all = site + head + page + securityText + probed + ExposedFiles.checks

  /// Of the site as a whole.
  static let site: [Check] = [
    Check("http.unavailable", .high, "the site does not answer", "网站无法访问"),
    Check("http.server_error", .medium, "the site answers with a server error", "网站返回服务器错误"),
    Check("http.redirect.missing", .medium, "plain HTTP is not redirected to HTTPS", "HTTP 未跳转到 HTTPS"),
    Check("http.redirect.loop", .medium, "redirects go in a circle", "重定向循环"),
    Check("http.redirect.downgrade", .medium, "HTTPS is redirected to plain HTTP", "HTTPS 被重定向到 HTTP"),
    Check("http.redirect.other_host", .info, "the site's page is on another host", "页面跳转到其他主机"),
  ]

  /// Of any answer's head, redirects included.
  static let head: [Check] = [
    Check("http.hsts.missing", .medium, "HSTS is missing", "缺少 HSTS"),
    Check("http.hsts.short", .low, "HSTS lasts less than 180 days", "HSTS 有效期不足 180 天"),
    Check("http.hsts.no_subdomains", .info, "HSTS does not include subdomains", "HSTS 未包含子域名"),
    Check("http.hsts.not_preloadable", .info, "HSTS does not meet the preload list's terms", "HSTS 不满足预加载列表要求"),
    Check("http.cookie.no_secure", .medium, "a cookie lacks Secure", "Cookie 缺少 Secure 属性"),
    Check("http.cookie.no_httponly", .low, "a cookie lacks HttpOnly", "Cookie 缺少 HttpOnly 属性"),
    Check("http.cookie.no_samesite", .low, "a cookie lacks SameSite", "Cookie 缺少 SameSite 属性"),
    Check("http.cookie.prefix", .low, "a cookie breaks its name's prefix", "Cookie 违反名称前缀约定"),
    Check("http.version_leak.server", .low, "Server tells a version", "Server 头泄露版本"),
    Check(
      "http.version_leak.powered_by", .low, "X-Powered-By or its like tells the technology", "X-Powered-By 等头泄露技术信息"),
    Check(
      "http.technology.end_of_support", .medium, "a product told by the site is past its maker's support",
      "所用软件版本已停止官方支持"),
  ]

  /// Of a page that came whole.
  static let page: [Check] = [
    Check("http.csp.missing", .low, "Content-Security-Policy is missing", "缺少内容安全策略（CSP）"),
    Check("http.csp.unsafe", .low, "Content-Security-Policy permits unsafe scripts", "内容安全策略允许不安全脚本"),
    Check("http.csp.report_only", .info, "Content-Security-Policy only reports", "内容安全策略仅报告、未生效"),
    Check("http.csp.object_src", .low, "Content-Security-Policy does not hold plug-ins back", "内容安全策略未限制插件"),
    Check("http.csp.base_uri", .low, "Content-Security-Policy leaves the base address open", "内容安全策略未限制 base-uri"),
    Check("http.csp.wildcard", .low, "Content-Security-Policy permits any site", "内容安全策略允许任意来源"),
    Check("http.csp.plain_http", .low, "Content-Security-Policy permits plain HTTP", "内容安全策略允许明文 HTTP 来源"),
    Check("http.csp.duplicate", .info, "Content-Security-Policy has a directive twice", "内容安全策略指令重复"),
    Check("http.csp.unknown", .info, "Content-Security-Policy has a directive that is none", "内容安全策略含无效指令"),
    Check(
      "http.content_type_options.missing", .low, "X-Content-Type-Options: nosniff is missing",
      "缺少 X-Content-Type-Options: nosniff"),
    Check("http.framing.missing", .low, "framing by other sites is not forbidden", "未限制被其他网站嵌入"),
    Check(
      "http.referrer_policy.missing", .low, "Referrer-Policy is missing or leaks whole addresses",
      "缺少 Referrer-Policy 或策略过宽"),
    Check("http.coop.missing", .info, "Cross-Origin-Opener-Policy is missing", "缺少 Cross-Origin-Opener-Policy"),
    Check("http.coep.missing", .info, "Cross-Origin-Embedder-Policy is missing", "缺少 Cross-Origin-Embedder-Policy"),
    Check("http.corp.missing", .info, "Cross-Origin-Resource-Policy is missing", "缺少 Cross-Origin-Resource-Policy"),
    Check("http.permissions_policy.missing", .info, "Permissions-Policy is missing", "缺少 Permissions-Policy"),
    Check("http.mixed_content.active", .medium, "the page loads code over plain HTTP", "页面通过明文 HTTP 加载脚本或框架"),
    Check("http.mixed_content.passive", .low, "the page loads pictures over plain HTTP", "页面通过明文 HTTP 加载图片或媒体"),
    Check("http.form.plain", .medium, "a form sends over plain HTTP", "表单通过明文 HTTP 提交"),
    Check("http.form.password_plain", .high, "a password is asked for over plain HTTP", "明文 HTTP 页面要求输入口令"),
    Check("http.sri.missing", .low, "code from other hosts is loaded without a hash", "外部脚本缺少完整性校验（SRI）"),
  ]

  static let securityText: [Check] = [
    Check("http.security_txt.missing", .info, "security.txt is missing", "缺少 security.txt"),
    Check("http.security_txt.invalid", .info, "security.txt lacks what RFC 9116 demands", "security.txt 不符合 RFC 9116"),
    Check("http.security_txt.expired", .low, "security.txt has expired", "security.txt 已过期"),
  ]

  static let probed: [Check] = [
    Check(
      "http.cors.reflected_credentials", .high, "any site may read answers with a visitor's cookies",
      "任意网站可携带用户 Cookie 跨域读取", .probe),
    Check("http.cors.any_origin", .info, "any site may read answers", "允许任意网站跨域读取", .probe),
    Check("http.cors.null_origin", .medium, "the origin null may read answers", "允许 null 来源跨域读取", .probe),
    Check("http.methods.trace", .low, "TRACE is answered", "启用 TRACE 方法", .probe),
    Check("http.methods.writing", .low, "the server offers methods that write", "服务器声明支持写入类方法", .probe),
    Check("http.error_page.stack_trace", .medium, "an error page shows a stack trace", "错误页泄露堆栈信息", .probe),
    Check("http.error_page.debug", .high, "an error page is a debugger's", "错误页为调试页面", .probe),
    Check("http.error_page.version", .low, "an error page tells a version", "错误页泄露版本", .probe),
    Check("http.directory_listing", .medium, "a directory is listed", "目录列表泄露", .probe),
  ]
}
