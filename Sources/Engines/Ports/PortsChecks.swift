internal import Records

/// Every question of the engine, in the order shown. All need leave to probe: no visitor connects to port 3306.
enum PortsChecks {
  static let all: [Check] = [
    Check("ports.database.exposed", .high, "a database can be reached by everybody", "数据库端口对外开放", .probe),
    Check("ports.management.exposed", .high, "a management service can be reached by everybody", "管理服务对外开放", .probe),
    Check("ports.cleartext.exposed", .medium, "a service without encryption can be reached", "明文协议服务对外开放", .probe),
    Check("ports.unexpected", .medium, "a port is open that was not before", "出现新开放的端口", .probe),
    Check("ports.vanished", .info, "a port that was open is closed", "原开放端口已关闭", .probe),
  ]
}
