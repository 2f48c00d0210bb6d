internal import Records

enum AvailabilityChecks {
  static let all: [Check] = [
    Check("availability.down", .critical, "the site is down", "网站无法访问"),
    Check("availability.slow", .medium, "the site answers after more than 3 s", "网站响应时间超过 3 秒"),
    Check("availability.error", .high, "the site shows an error, a parking page or nothing", "网站显示错误页、停放页或空白页"),
    Check("availability.blocked", .info, "the site blocks us", "网站拦截了我们的访问"),
  ]
}
