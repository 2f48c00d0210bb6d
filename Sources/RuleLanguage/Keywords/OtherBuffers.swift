/// Sticky buffers of the protocols that wait for their parser: one line a protocol.
enum OtherBuffers {
  static let names: [(proto: String, names: [String])] = [
    ("http2", ["http2.header_name", "http2.header"]),
    (
      "mdns",
      [
        "mdns.queries.rrname", "mdns.answers.rrname", "mdns.authorities.rrname", "mdns.additionals.rrname",
        "mdns.response.rrname",
      ]
    ),
    (
      "ssh",
      [
        "ssh.proto", "ssh.software", "ssh.hassh", "ssh.hassh.string", "ssh.hassh.server", "ssh.hassh.server.string",
      ]
    ),
    ("smb", ["smb.named_pipe", "smb.share", "smb.ntlmssp_user", "smb.ntlmssp_domain"]),
    ("dcerpc", ["dcerpc.stub_data"]),
    ("dnp3", ["dnp3.data"]),
    ("enip", ["enip.product_name", "enip.service_name"]),
    ("ftp", ["ftp.command", "ftp.command_data", "ftp.completion_code", "ftp.reply"]),
    ("krb5", ["krb5.cname", "krb5.sname"]),
    ("snmp", ["snmp.community", "snmp.usm"]),
    (
      "sip",
      [
        "sip.method", "sip.uri", "sip.request_line", "sip.stat_code", "sip.stat_msg", "sip.response_line",
        "sip.protocol", "sip.from", "sip.to", "sip.via", "sip.user_agent", "sip.content_type", "sip.content_length",
      ]
    ),
    (
      "sdp",
      [
        "sdp.session_name", "sdp.session_info", "sdp.origin", "sdp.uri", "sdp.email", "sdp.phone_number",
        "sdp.connection_data", "sdp.bandwidth", "sdp.time", "sdp.repeat_time", "sdp.timezone", "sdp.encryption_key",
        "sdp.attribute", "sdp.media.media", "sdp.media.session_info", "sdp.media.connection_data",
        "sdp.media.encryption_key",
      ]
    ),
    ("rfb", ["rfb.name"]),
    (
      "mqtt",
      [
        "mqtt.connect.clientid", "mqtt.connect.password", "mqtt.connect.protocol_string", "mqtt.connect.username",
        "mqtt.connect.willmessage", "mqtt.connect.willtopic", "mqtt.publish.message", "mqtt.publish.topic",
        "mqtt.subscribe.topic", "mqtt.unsubscribe.topic",
      ]
    ),
    (
      "ike",
      ["ike.init_spi", "ike.resp_spi", "ike.vendor", "ike.key_exchange_payload", "ike.nonce_payload"]
    ),
    ("quic", ["quic.cyu.hash", "quic.cyu.string", "quic.version"]),
    ("smtp", ["smtp.helo", "smtp.mail_from", "smtp.rcpt_to"]),
    (
      "smtp",
      [
        "email.from", "email.subject", "email.to", "email.cc", "email.date", "email.message_id", "email.x_mailer",
        "email.url", "email.received", "email.body_md5",
      ]
    ),
    ("websocket", ["websocket.payload"]),
    (
      "ldap",
      [
        "ldap.request.dn", "ldap.responses.dn", "ldap.responses.message", "ldap.request.attribute_type",
        "ldap.responses.attribute_type",
      ]
    ),
    ("pgsql", ["pgsql.query"]),
  ]

  static let aliases: [String: [String]] = [
    "ssh.proto": ["ssh_proto"], "ssh.software": ["ssh_software"], "dnp3.data": ["dnp3_data"],
    "dcerpc.stub_data": ["dce_stub_data"], "krb5.cname": ["krb5_cname"], "krb5.sname": ["krb5_sname"],
    "mqtt.subscribe.topic": ["mqtt.subscribe.topics"],
  ]
}
