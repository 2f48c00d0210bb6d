/// What nobody meant to publish, by its path: enough of each to be known by its content, and nothing real.
enum PlannedFiles {
  static let all: [SiteTrait: (path: String, body: [UInt8])] = [
    .exposedGit: text("/.git/HEAD", "ref: refs/heads/main\n"),
    .exposedSubversion: ("/.svn/wc.db", Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)),
    .exposedMercurial: text("/.hg/requires", "dotencode\nfncache\nrevlogv1\nstore\n"),
    .exposedEnvironment: text("/.env", "APP_ENV=production\nDB_HOST=10.0.0.5\nDB_PASSWORD=not-a-secret\n"),
    .exposedKey: text("/server.key", "-----BEGIN PRIVATE KEY-----\nbm90LWEta2V5\n-----END PRIVATE KEY-----\n"),
    .exposedCredentials: text("/.htpasswd", "editor:$apr1$notasalt$notahashnotahashnotah\n"),
    .exposedDump: text(
      "/backup.sql", "-- MySQL dump 10.13\nCREATE TABLE `t` (`id` int);\nINSERT INTO `t` VALUES (1);\n"),
    .exposedBackup: ("/backup.zip", [0x50, 0x4b, 3, 4] + [UInt8](repeating: 7, count: 200)),
    .exposedConfiguration: text("/config.php.bak", "<?php\n$db_host = 'localhost';\n$db_name = 'site';\n"),
    .exposedActuator: text(
      "/actuator/env", "{\"activeProfiles\":[],\"propertySources\":[{\"name\":\"systemProperties\"}]}"),
    .exposedDruid: text("/druid/index.html", "<html><head><title>Druid Stat Index</title></head><body></body></html>"),
    .exposedPHPInfo: text("/phpinfo.php", "<html><head><title>phpinfo()</title></head><body>PHP</body></html>"),
    .exposedStatus: text("/nginx_status", "Active connections: 2 \nserver accepts handled requests\n 9 9 21 \n"),
    .exposedTrace: text(
      "/trace.axd",
      "<html><head><title>Application Trace</title></head><body>Requests to this Application</body></html>"),
    .exposedLog: text("/storage/logs/laravel.log", "[2026-03-01 08:00:00] production.ERROR: nothing happened\n"),
    .exposedHistory: text("/.bash_history", "whoami\ncd /srv\nls\nsudo reboot\nexit\n"),
    .exposedEditor: text("/.vscode/sftp.json", "{\"name\":\"site\",\"host\":\"10.0.0.7\",\"username\":\"deploy\"}"),
    .exposedStore: ("/.DS_Store", [0, 0, 0, 1, 0x42, 0x75, 0x64, 0x31] + [UInt8](repeating: 0, count: 64)),
    .exposedPackages: text("/package.json", "{\"name\":\"site\",\"dependencies\":{\"express\":\"5.1.0\"}}"),
    .exposedContainers: text("/docker-compose.yml", "services:\n  web:\n    image: site\n"),
    .exposedInterface: text("/v3/api-docs", "{\"openapi\":\"3.0.1\",\"paths\":{}}"),
  ]

  private static func text(_ path: String, _ body: String) -> (path: String, body: [UInt8]) { (path, Array(body.utf8)) }

  static let byPath: [String: (trait: SiteTrait, body: [UInt8])] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.value.path, (trait: $0.key, body: $0.value.body)) })
}
