/// nmap's statements, as `NmapReport` names them, and the checks that ask the same: open ports by what is behind them,
/// and scripts of nmap's that state a vulnerability (`vulns` library), met in imported reports.
package enum NmapMapping {
  package static let checks: [String: [String]] = [
    "port.database": ["ports.database.exposed"],
    "port.management": ["ports.management.exposed"],
    "port.cleartext": ["ports.cleartext.exposed"],
    "script.ssl-heartbleed": ["tls.weakness.heartbleed"],
    "script.ssl-poodle": ["tls.weakness.poodle"],
    "script.ssl-ccs-injection": ["tls.weakness.ccs_injection"],
    "script.sslv2-drown": ["tls.weakness.drown"],
    "script.tls-ticketbleed": ["tls.weakness.ticketbleed"],
    "script.http-trace": ["http.methods.trace"],
    "script.http-git": ["http.exposed.git"],
    "script.dns-zone-transfer": ["dns.zone_transfer"],
    "script.dns-recursion": ["dns.ns.recursion"],
  ]

  /// nmap's names of services (nmap-services, nmap-service-probes) in ours.
  static let services: [String: String] = [
    "ms-wbt-server": "rdp", "mongod": "mongodb", "mongo": "mongodb", "http": "http", "ms-sql-s": "mssql",
    "oracle-tns": "oracle", "microsoft-ds": "smb", "netbios-ssn": "netbios", "msrpc": "msrpc", "vnc": "vnc",
    "vnc-http": "vnc", "postgresql": "postgresql", "mysql": "mysql", "redis": "redis", "memcache": "memcached",
    "memcached": "memcached", "couchdb": "couchdb", "elasticsearch": "elasticsearch", "telnet": "telnet", "ftp": "ftp",
    "rsync": "rsync", "login": "login", "exec": "exec", "shell": "shell", "rpcbind": "rpcbind", "nfs": "nfs",
    "ldap": "ldap", "docker": "docker", "zookeeper": "zookeeper", "cassandra": "cassandra", "etcd": "etcd",
  ]

  /// Of services that nmap tells and no banner of ours.
  static let exposures: [String: KnownPort.Exposure] = [
    "mssql": .database, "oracle": .database, "cassandra": .database, "etcd": .database, "smb": .management,
    "netbios": .management, "msrpc": .management, "rpcbind": .management, "nfs": .management, "ldap": .management,
    "docker": .management, "zookeeper": .management, "rsync": .cleartext, "login": .cleartext, "exec": .cleartext,
    "shell": .cleartext,
  ]

  static func exposure(_ service: String) -> KnownPort.Exposure {
    let ours = services[service] ?? service
    let known = PortList.exposure(ofService: ours)
    return known == .ordinary ? exposures[ours] ?? .ordinary : known
  }
}
