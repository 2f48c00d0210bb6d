/// Ports that are looked at when a job names none, and what is usually behind them.
struct KnownPort: Hashable, Sendable {
  /// What a port open to everybody means.
  enum Exposure: Sendable { case ordinary, database, management, cleartext }
  var number: UInt16
  var service: String
  var exposure: Exposure
}

enum PortList {
  static let all: [KnownPort] =
    rows(
      .ordinary,
      "22 ssh,25 smtp,53 domain,80 http,110 pop3,143 imap,443 https,465 smtps,587 smtp,853 domain,993 imaps,995 pop3s,"
        + "1080 socks,3000 http,3128 http,4443 https,5000 http,5060 sip,5061 sip,5222 xmpp,7001 http,7002 https,8000 http,"
        + "8008 http,8009 ajp,8080 http,8081 http,8082 http,8083 http,8086 http,8088 http,8090 http,8091 http,8181 http,"
        + "8443 https,8800 http,8880 http,8888 http,9000 http,9080 http,9443 https,10443 https")
    + rows(.cleartext, "20 ftp,21 ftp,23 telnet,69 tftp,79 finger,512 exec,513 login,514 shell,873 rsync,2323 telnet")
    + rows(
      .database,
      "1433 mssql,1521 oracle,2379 etcd,3050 firebird,3306 mysql,5236 dameng,5432 postgresql,5433 postgresql,5984 couchdb,"
        + "6379 redis,6380 redis,7474 neo4j,8123 clickhouse,9042 cassandra,9200 elasticsearch,9300 elasticsearch,"
        + "11211 memcached,26379 redis,27017 mongodb,27018 mongodb,28017 mongodb,33060 mysql,50000 db2,54321 kingbase")
    + rows(
      .management,
      "111 rpcbind,135 msrpc,139 netbios,161 snmp,389 ldap,445 smb,623 ipmi,902 vmware,1099 rmi,2049 nfs,2181 zookeeper,"
        + "2375 docker,2376 docker,3389 rdp,4848 glassfish,4899 radmin,5601 kibana,5900 vnc,5901 vnc,5985 winrm,5986 winrm,"
        + "6443 kubernetes,8161 activemq,8500 consul,9090 prometheus,9092 kafka,9100 jetdirect,10000 webmin,10050 zabbix,"
        + "10250 kubelet,15672 rabbitmq,50070 hadoop,61616 activemq")

  private static let byNumber = Dictionary(all.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
  static func known(_ port: UInt16) -> KnownPort? { byNumber[port] }

  /// What a recognised service is, wherever it listens.
  static func exposure(ofService name: String) -> KnownPort.Exposure { byService[name] ?? .ordinary }
  private static let byService: [String: KnownPort.Exposure] = [
    "mysql": .database, "postgresql": .database, "redis": .database, "memcached": .database, "mongodb": .database,
    "elasticsearch": .database, "couchdb": .database, "rdp": .management, "vnc": .management, "telnet": .cleartext,
    "ftp": .cleartext,
  ]

  /// In order and once each; the list above when none is named.
  static func wanted(_ ranges: [ClosedRange<UInt16>]) -> [UInt16] {
    guard !ranges.isEmpty else { return all.map(\.number).sorted() }
    var isWanted = [Bool](repeating: false, count: 65_536)
    for range in ranges { for port in range { isWanted[Int(port)] = true } }
    return isWanted.indices.dropFirst().compactMap { isWanted[$0] ? UInt16($0) : nil }
  }

  private static func rows(_ exposure: KnownPort.Exposure, _ text: String) -> [KnownPort] {
    text.split(separator: ",").compactMap { row in
      let halves = row.split(separator: " ")
      guard halves.count == 2, let number = UInt16(halves[0]) else { return nil }
      return KnownPort(number: number, service: String(halves[1]), exposure: exposure)
    }
  }
}
