internal import Records

/// The files asked for, the most telling first: where a server stops us, the rest is not determined.
enum ExposedFiles {
  static let checks: [Check] = [
    Check("http.exposed.git", .high, "a git repository is exposed", "Git 仓库泄露", .probe),
    Check("http.exposed.svn", .high, "a Subversion working copy is exposed", "SVN 目录泄露", .probe),
    Check("http.exposed.hg", .high, "a Mercurial repository is exposed", "Mercurial 仓库泄露", .probe),
    Check("http.exposed.env", .critical, "a file of environment secrets is exposed", "环境变量文件（.env）泄露", .probe),
    Check("http.exposed.private_key", .critical, "a private key is exposed", "私钥泄露", .probe),
    Check("http.exposed.credentials", .critical, "a file of credentials is exposed", "凭据文件泄露", .probe),
    Check("http.exposed.sql_dump", .critical, "a database dump is exposed", "数据库备份泄露", .probe),
    Check("http.exposed.backup", .high, "a backup archive is exposed", "备份压缩包泄露", .probe),
    Check("http.exposed.config_backup", .high, "a configuration or its backup is exposed", "配置文件或其备份泄露", .probe),
    Check("http.exposed.actuator", .high, "Spring Boot's management is exposed", "Spring Boot Actuator 泄露", .probe),
    Check("http.exposed.druid", .medium, "Druid's monitor is exposed", "Druid 监控页面泄露", .probe),
    Check("http.exposed.phpinfo", .medium, "phpinfo is exposed", "phpinfo 页面泄露", .probe),
    Check("http.exposed.server_status", .medium, "the server's status page is exposed", "服务器状态页泄露", .probe),
    Check("http.exposed.trace", .medium, "a log viewer of ASP.NET is exposed", "ASP.NET 跟踪日志泄露", .probe),
    Check("http.exposed.log", .medium, "a log is exposed", "日志文件泄露", .probe),
    Check("http.exposed.history", .medium, "a shell's history is exposed", "命令历史泄露", .probe),
    Check("http.exposed.editor", .medium, "an editor's project files are exposed", "编辑器工程文件泄露", .probe),
    Check("http.exposed.ds_store", .low, "a .DS_Store is exposed", ".DS_Store 泄露", .probe),
    Check("http.exposed.packages", .low, "lists of packages are exposed", "依赖清单泄露", .probe),
    Check("http.exposed.containers", .low, "a container's recipe is exposed", "容器配置文件泄露", .probe),
    Check("http.exposed.api_description", .info, "an API's description is exposed", "接口文档泄露", .probe),
  ]

  /// Kinds of paths: each may cost one request more, and one is asked that is of none.
  static let shapes = Set(all.map { SiteProbe.shape(of: $0.path) }).count + 1

  private static let archive = ExposedFile.Mark.any([
    .magic([0x50, 0x4b, 3, 4]), .magic([0x1f, 0x8b, 8]), .magic(Array("Rar!\u{1a}\u{7}".utf8)),
    .magic([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), .magic(Array("BZh".utf8)), .magicAt(257, Array("ustar".utf8)),
  ])
  private static let dump = ExposedFile.Mark.all([
    .notMarkup,
    .any([
      .contains(["-- mysql dump"]), .contains(["-- mariadb dump"]), .contains(["-- postgresql database dump"]),
      .contains(["navicat", "transfer"]), .contains(["create table", "("]), .contains(["insert into", "values"]),
      .contains(["-- phpmyadmin sql dump"]),
    ]),
  ])
  private static let privateKey = ExposedFile.Mark.all([.notMarkup, .contains(["-----begin ", "private key-----"])])
  private static let secrets = [
    "app_key", "password", "passwd", "secret", "db_host", "database_url", "token", "api_key", "aws_", "redis_",
  ]
  private static let phpSource = ExposedFile.Mark.all([.begins(["<?php", "<?"]), .contains(["db_"])])

  static let all: [ExposedFile] = [
    .init(
      check: "http.exposed.git", path: "/.git/HEAD", kind: "a git repository's HEAD",
      mark: .any([.begins(["ref: refs/"]), .objectName])),
    .init(
      check: "http.exposed.git", path: "/.git/config", kind: "a git repository's configuration",
      mark: .contains(["[core]", "repositoryformatversion"])),
    .init(
      check: "http.exposed.env", path: "/.env", kind: "a file of environment variables",
      mark: .all([.notMarkup, .assignments(2, secrets)])),
    .init(
      check: "http.exposed.svn", path: "/.svn/wc.db", kind: "a Subversion database",
      mark: .magic(Array("SQLite format 3\0".utf8))),
    .init(
      check: "http.exposed.svn", path: "/.svn/entries", kind: "a Subversion list of entries",
      mark: .any([.begins(["8\n", "9\n", "10\n", "11\n", "12\n", "8\r\n", "10\r\n", "12\r\n"])])),
    .init(
      check: "http.exposed.hg", path: "/.hg/requires", kind: "a Mercurial repository's requirements",
      mark: .all([.notMarkup, .any([.contains(["revlogv1"]), .contains(["dotencode"])])])),
    .init(check: "http.exposed.private_key", path: "/id_rsa", kind: "a private key", mark: privateKey),
    .init(check: "http.exposed.private_key", path: "/.ssh/id_rsa", kind: "a private key", mark: privateKey),
    .init(check: "http.exposed.private_key", path: "/server.key", kind: "a private key", mark: privateKey),
    .init(
      check: "http.exposed.credentials", path: "/.aws/credentials", kind: "keys of a cloud's account",
      mark: .all([.notMarkup, .contains(["aws_access_key_id"])])),
    .init(
      check: "http.exposed.credentials", path: "/.htpasswd", kind: "hashed passwords",
      mark: .all([.notMarkup, .passwordHashes])),
    .init(check: "http.exposed.sql_dump", path: "/backup.sql", kind: "a database dump", mark: dump),
    .init(check: "http.exposed.sql_dump", path: "/dump.sql", kind: "a database dump", mark: dump),
    .init(check: "http.exposed.sql_dump", path: "/database.sql", kind: "a database dump", mark: dump),
    .init(check: "http.exposed.sql_dump", path: "/db.sql", kind: "a database dump", mark: dump),
    .init(check: "http.exposed.backup", path: "/backup.zip", kind: "an archive", mark: archive),
    .init(check: "http.exposed.backup", path: "/www.zip", kind: "an archive", mark: archive),
    .init(check: "http.exposed.backup", path: "/wwwroot.rar", kind: "an archive", mark: archive),
    .init(check: "http.exposed.backup", path: "/web.zip", kind: "an archive", mark: archive),
    .init(check: "http.exposed.backup", path: "/backup.tar.gz", kind: "an archive", mark: archive),
    .init(check: "http.exposed.backup", path: "/www.tar.gz", kind: "an archive", mark: archive),
    .init(
      check: "http.exposed.config_backup", path: "/wp-config.php.bak", kind: "a WordPress configuration",
      mark: phpSource),
    .init(check: "http.exposed.config_backup", path: "/config.php.bak", kind: "a PHP configuration", mark: phpSource),
    .init(
      check: "http.exposed.config_backup", path: "/web.config.bak", kind: "an IIS configuration",
      mark: .contains(["<configuration", "<system.web"])),
    .init(
      check: "http.exposed.config_backup", path: "/WEB-INF/web.xml", kind: "a servlet configuration",
      mark: .contains(["<web-app"])),
    .init(
      check: "http.exposed.actuator", path: "/actuator/env", kind: "a Spring environment",
      mark: .all([.begins(["{"]), .contains(["\"propertysources\""])])),
    .init(
      check: "http.exposed.actuator", path: "/actuator", kind: "Spring's list of endpoints",
      mark: .all([.begins(["{"]), .contains(["\"_links\"", "/actuator/"])])),
    .init(
      check: "http.exposed.druid", path: "/druid/index.html", kind: "Druid's monitor",
      mark: .contains(["druid stat index"])),
    .init(
      check: "http.exposed.phpinfo", path: "/phpinfo.php", kind: "the output of phpinfo",
      mark: .contains(["phpinfo()</title>"])),
    .init(
      check: "http.exposed.phpinfo", path: "/info.php", kind: "the output of phpinfo",
      mark: .contains(["phpinfo()</title>"])),
    .init(
      check: "http.exposed.server_status", path: "/server-status", kind: "Apache's status",
      mark: .contains(["apache server status for", "server uptime"])),
    .init(
      check: "http.exposed.server_status", path: "/nginx_status", kind: "nginx's status",
      mark: .all([.begins(["active connections:"]), .contains(["server accepts handled requests"])])),
    .init(
      check: "http.exposed.trace", path: "/trace.axd", kind: "ASP.NET's trace",
      mark: .contains(["<title>application trace", "requests to this application"])),
    .init(
      check: "http.exposed.trace", path: "/elmah.axd", kind: "ELMAH's error log",
      mark: .contains(["error log for", "powered by <a href=\"http://elmah"])),
    .init(
      check: "http.exposed.log", path: "/storage/logs/laravel.log", kind: "Laravel's log",
      mark: .all([.begins(["[20"]), .any([.contains([".error:"]), .contains([".info:"]), .contains([".warning:"])])])),
    .init(
      check: "http.exposed.log", path: "/wp-content/debug.log", kind: "WordPress's log",
      mark: .all([.begins(["["]), .contains(["php "])])),
    .init(
      check: "http.exposed.history", path: "/.bash_history", kind: "a shell's history",
      mark: .all([
        .notMarkup, .any([.contains(["\ncd "]), .contains(["\nls"])]),
        .any([.contains(["sudo "]), .contains(["vi "]), .contains(["vim "]), .contains(["ssh "]), .contains(["exit"])]),
      ])),
    .init(
      check: "http.exposed.editor", path: "/.vscode/sftp.json", kind: "an editor's access to a server",
      mark: .all([.begins(["{", "["]), .contains(["\"host\"", "\"username\""])])),
    .init(
      check: "http.exposed.editor", path: "/.idea/workspace.xml", kind: "an editor's project",
      mark: .contains(["<project version=", "<component name="])),
    .init(
      check: "http.exposed.ds_store", path: "/.DS_Store", kind: "a list of a folder's files",
      mark: .magic([0, 0, 0, 1, 0x42, 0x75, 0x64, 0x31])),
    .init(
      check: "http.exposed.packages", path: "/composer.lock", kind: "a lock of Composer",
      mark: .all([.begins(["{"]), .contains(["\"content-hash\""])])),
    .init(
      check: "http.exposed.packages", path: "/package.json", kind: "a list of npm packages",
      mark: .all([
        .begins(["{"]), .contains(["\"name\""]), .any([.contains(["\"dependencies\""]), .contains(["\"scripts\""])]),
      ])),
    .init(
      check: "http.exposed.containers", path: "/docker-compose.yml", kind: "a recipe of containers",
      mark: .all([.notMarkup, .contains(["services:"]), .any([.contains(["image:"]), .contains(["build:"])])])),
    .init(
      check: "http.exposed.containers", path: "/Dockerfile", kind: "a container's recipe",
      mark: .all([
        .notMarkup, .any([.begins(["from "]), .contains(["\nfrom "])]),
        .any([.contains(["\nrun "]), .contains(["\ncopy "]), .contains(["\ncmd "])]),
      ])),
    .init(
      check: "http.exposed.api_description", path: "/v2/api-docs", kind: "an API's description",
      mark: .all([.begins(["{"]), .contains(["\"swagger\""])])),
    .init(
      check: "http.exposed.api_description", path: "/v3/api-docs", kind: "an API's description",
      mark: .all([.begins(["{"]), .contains(["\"openapi\""])])),
  ]
}
