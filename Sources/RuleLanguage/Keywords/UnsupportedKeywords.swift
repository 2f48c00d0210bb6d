/// Keywords, other than sticky buffers, of protocols that wait for their parser, and those refused for good.
enum UnsupportedKeywords {
  static let all: [Keyword] = waiting + refused

  private static let names: [(proto: String, names: [String])] = [
    (
      "http2",
      [
        "http2.frametype", "http2.errorcode", "http2.priority", "http2.window", "http2.size_update", "http2.settings",
      ]
    ),
    ("ssh", ["ssh.protoversion", "ssh.softwareversion"]),
    ("smb", ["smb.version"]),
    ("dcerpc", ["dcerpc.iface", "dcerpc.opnum"]),
    ("dhcp", ["dhcp.leasetime", "dhcp.rebinding_time", "dhcp.renewal_time"]),
    ("dnp3", ["dnp3_func", "dnp3_ind", "dnp3_obj"]),
    ("modbus", ["modbus"]),
    (
      "enip",
      [
        "cip_service", "enip_command", "enip.status", "enip.protocol_version", "enip.revision",
        "enip.identity_status", "enip.state", "enip.serial", "enip.capabilities", "enip.cip_attribute",
        "enip.cip_class", "enip.vendor_id", "enip.product_code", "enip.cip_instance", "enip.cip_status",
        "enip.cip_extendedstatus", "enip.device_type",
      ]
    ),
    ("ftp", ["ftp.dynamic_port", "ftp.mode", "ftp.received", "ftpbounce"]),
    ("ftp-data", ["ftpdata_command"]),
    ("krb5", ["krb5_msg_type", "krb5_err_code", "krb5.weak_encryption", "krb5.ticket_encryption"]),
    ("snmp", ["snmp.version", "snmp.pdu_type"]),
    ("rfb", ["rfb.secresult", "rfb.sectype"]),
    (
      "mqtt",
      [
        "mqtt.protocol_version", "mqtt.type", "mqtt.flags", "mqtt.qos", "mqtt.reason_code",
        "mqtt.connack.session_present", "mqtt.connect.flags",
      ]
    ),
    (
      "ike",
      [
        "ike.chosen_sa_attribute", "ike.exchtype", "ike.key_exchange_payload_length", "ike.nonce_payload_length",
      ]
    ),
    ("nfs", ["nfs_procedure", "nfs.version"]),
    ("rpc", ["rpc"]),
    ("websocket", ["websocket.flags", "websocket.mask", "websocket.opcode"]),
    (
      "ldap",
      ["ldap.request.operation", "ldap.responses.operation", "ldap.responses.count", "ldap.responses.result_code"]
    ),
  ]

  private static let aliases: [String: [String]] = [
    "dcerpc.iface": ["dce_iface"], "dcerpc.opnum": ["dce_opnum"], "mqtt.reason_code": ["mqtt.connack.return_code"],
  ]

  private static let waiting: [Keyword] = names.flatMap { proto, names in
    names.map {
      Keyword(
        $0, aliases[$0] ?? [], .application, .optional, "Not yet: waits for the \(proto) parser.", .generic,
        support: .needsProtocol(proto))
    }
  }

  private static let refused: [Keyword] = [
    refusal("replace", .payload, "Vigil watches a copy of the traffic and cannot change it"),
    refusal("lua", .application, "rules run no scripts here", aliases: ["luajit"]),
    refusal("luaxform", .transform, "rules run no scripts here"),
    refusal("asn1", .payload, "the keyword is not implemented"),
    refusal("frame", .application, "stream frames are not implemented"),
    refusal("bypass", .flow, "flows are not handed to hardware here"),
    refusal("config", .application, "rules do not change the logging here"),
    refusal("ndpi-protocol", .application, "it needs a plug-in"),
    refusal("ndpi-risk", .application, "it needs a plug-in"),
    refusal("tls.store", .tls, "certificates are not stored as files", aliases: ["tls_store"]),
  ]

  private static func refusal(
    _ name: String, _ family: Keyword.Family, _ why: String, aliases: [String] = []
  ) -> Keyword {
    Keyword(name, aliases, family, .optional, "Refused: \(why).", .generic, support: .refused(why))
  }
}
