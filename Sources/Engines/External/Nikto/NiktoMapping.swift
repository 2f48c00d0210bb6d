/// nikto's messages, which are steadier than its numbers, and the checks that say the same.
package enum NiktoMapping {
  /// Lower case; the first that a message contains names it.
  package static let phrases: [(phrase: String, id: String)] = [
    ("x-frame-options header is not present", "no_x_frame_options"),
    ("anti-clickjacking x-frame-options", "no_x_frame_options"),
    ("x-content-type-options header is not set", "no_x_content_type_options"),
    ("strict-transport-security http header is not", "no_hsts"),
    ("missing: strict-transport-security", "no_hsts"),
    ("missing: content-security-policy", "no_csp"),
    ("missing: referrer-policy", "no_referrer_policy"),
    ("missing: permissions-policy", "no_permissions_policy"),
    ("missing: x-content-type-options", "no_x_content_type_options"),
    ("retrieved x-powered-by header", "x_powered_by"),
    ("created without the httponly flag", "cookie_no_httponly"),
    ("created without the secure flag", "cookie_no_secure"),
    ("http trace method is active", "trace"),
    ("directory indexing found", "directory_listing"),
    ("this may be a phpinfo", "phpinfo"),
    ("phpinfo() function", "phpinfo"),
    (".git/head file found", "git"),
    (".git/config file found", "git"),
    (".svn/entries", "svn"),
    ("ds_store file", "ds_store"),
    ("server-status", "server_status"),
  ]

  package static let checks: [String: [String]] = [
    "no_x_frame_options": ["http.framing.missing"],
    "no_x_content_type_options": ["http.content_type_options.missing"],
    "no_hsts": ["http.hsts.missing"],
    "no_csp": ["http.csp.missing"],
    "no_referrer_policy": ["http.referrer_policy.missing"],
    "no_permissions_policy": ["http.permissions_policy.missing"],
    "x_powered_by": ["http.version_leak.powered_by"],
    "cookie_no_httponly": ["http.cookie.no_httponly"],
    "cookie_no_secure": ["http.cookie.no_secure"],
    "trace": ["http.methods.trace"],
    "directory_listing": ["http.directory_listing"],
    "phpinfo": ["http.exposed.phpinfo"],
    "git": ["http.exposed.git"],
    "svn": ["http.exposed.svn"],
    "ds_store": ["http.exposed.ds_store"],
    "server_status": ["http.exposed.server_status"],
  ]
}
