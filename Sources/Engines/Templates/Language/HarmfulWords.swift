/// Words of shells, databases and scripts that change, stop or stall what reads them.
struct HarmfulWords {
  var kind: TemplateRefusal.Kind
  var reason: String
  private var pattern: TemplatePattern
  /// The first group's number must be above it.
  private var bound: Int?

  /// Longest wait that a payload may ask for: a delay shows from five seconds on, and every one holds a thread and a
  /// connection of the site.
  static let secondsLimit = 7

  private init?(_ kind: TemplateRefusal.Kind, _ reason: String, _ pattern: String, above bound: Int? = nil) {
    guard let pattern = try? TemplatePattern("(?i)" + pattern) else { return nil }
    (self.kind, self.reason, self.pattern, self.bound) = (kind, reason, pattern, bound)
  }

  /// Rules over their limit count as broken: better refused than sent.
  func isBroken(by text: [UInt8], _ matching: TemplateMatching) -> Bool {
    var place = 0
    while place <= text.count {
      let groups: [Range<Int>?]
      do throws(EvaluationFailure) {
        guard let found = try matching.first(pattern, in: text, from: place) else { return false }
        groups = found
      } catch {
        return true
      }
      guard let bound else { return true }
      guard let whole = groups.first ?? nil, groups.count > 1, let range = groups[1] else { return false }
      if Int(String(decoding: text[range], as: UTF8.self)).map({ $0 > bound }) ?? true { return true }
      place = max(whole.upperBound, place + 1)
    }
    return false
  }

  static let rules: [HarmfulWords] = (writing + calling + stalling).compactMap(\.self)
  /// A test compares it with `rules`: one that does not compile would be missing in silence.
  static var ruleCount: Int { (writing + calling + stalling).count }

  private static let writing: [HarmfulWords?] = [
    .init(.harmfulWords, "SQL that deletes", #"\b(?:drop|truncate)\s+(?:table|database|schema|user|view|index)\b"#),
    .init(.harmfulWords, "SQL that deletes", #"\bdelete\s+from\b"#),
    .init(.harmfulWords, "SQL that writes", #"\b(?:insert|replace)\s+into\b|\bupdate\s+[^\s;]+\s+set\b"#),
    .init(
      .harmfulWords, "SQL that changes the database",
      #"\b(?:alter|create|grant|revoke)\s+(?:table|database|user|role|all|function|procedure|trigger|view|login)\b"#),
    .init(.harmfulWords, "SQL that writes a file", #"\binto\s+(?:out|dump)file\b|\bto\s+program\s+'"#),
    .init(.harmfulWords, "SQL that runs a command", #"\bxp_cmdshell\b|\bsp_(?:configure|oacreate)\b|\bsys_exec\s*\("#),
    .init(.harmfulWords, "a shell command that deletes", #"\brm\s+-|\brmdir\s+\S|\bdel\s+/[a-z]|\bshred\s+\S"#),
    .init(.harmfulWords, "a shell command that overwrites a disk", #"\bmkfs\b|\bdd\s+(?:if|of)=|\bformat\s+[a-z]:"#),
    .init(
      .harmfulWords, "a shell command that writes a file",
      #"\b(?:echo|printf|cat|id|whoami|ls)\b[^|;&\n<]*>{1,2}\s*[/\w.$]|\btee\s+[-/\w]|\btouch\s+[/\w]"#),
    .init(
      .harmfulWords, "a shell command that changes files",
      #"\b(?:chmod|chown|chattr)\s+[-+\w]|\b(?:mv|cp|ln)\s+-?\S+\s+\S|\bmkdir\s+[-/\w]"#),
    .init(
      .harmfulWords, "a command that changes accounts or services",
      #"\b(?:useradd|adduser|usermod|userdel|groupadd|crontab|systemctl)\b|\bnet\s+user\b|\breg\s+add\b"#),
    .init(
      .harmfulWords, "it would stop the service",
      #"\b(?:shutdown|reboot|poweroff)\b|\bkill(?:all)?\s+-?\w|\binit\s+[06]\b"#),
    .init(
      .harmfulWords, "a script that writes or deletes files",
      #"\b(?:file_put_contents|move_uploaded_file|fputs|fwrite|unlink|rmdir|mkdir)\s*\(|\bwriteFile(?:Sync)?\s*\("#),
    .init(
      .harmfulWords, "a script that writes or deletes files",
      #"\b(?:FileOutputStream|FileWriter)\b|\bFiles\.(?:write|delete)|\b(?:Set-Content|Out-File|Remove-Item)\b"#),
    .init(
      .harmfulWords, "a command that empties a store", #"\bflush(?:all|db)\b|\b_delete_by_query\b|\bconfig\s+set\s"#),
    .init(
      .harmfulWords, "a parameter that asks for a change",
      #"[?&](?:action|do|op|method|cmd|act|task)=(?:delete|remove|drop|destroy|reset|install|upload|write|save|"#
        + #"create|add|update|edit)\b"#),
    .init(.writes, "a parameter makes the request a PUT, PATCH or DELETE", #"\b_method=(?:put|patch|delete)\b"#),
    .init(.uploads, "a file in a form", #"\bform-data;[^\n]*\bfilename\*?\s*="#),
  ]

  /// Where a command may begin.
  private static let start = #"(?:^|[;|&`(\n"'={}\s])"#

  private static let calling: [HarmfulWords?] = [
    .init(
      .callsOutside, "a command that calls a host",
      start + #"(?:wget|curl|certutil|bitsadmin|Invoke-WebRequest|iwr)\s+[-\w{"'$]"#),
    .init(
      .callsOutside, "a command that calls a host",
      start + #"(?:nc|ncat|netcat|telnet|nslookup|dig|host|ping)\s+(?:-|[\w{}-]*[.}])"#),
    .init(.callsOutside, "a command that calls a host", #"/dev/(?:tcp|udp)/"#),
    .init(.callsOutside, "a database that calls a host", #"\butl_(?:http|inaddr|tcp)\.|\bxp_dirtree\b"#),
  ]

  private static let stalling: [HarmfulWords?] = [
    .init(.stalls, "it makes the database reckon", #"\bbenchmark\s*\("#),
    .init(
      .stalls, "it makes the site wait for more than \(secondsLimit) seconds",
      #"\b(?:pg_)?sleep\s*\(?\s*['"]?(\d+)"#, above: secondsLimit),
    .init(
      .stalls, "it makes the site wait for more than \(secondsLimit) seconds",
      #"\bwaitfor\s+delay\s+['"]\d+:\d+:(\d+)"#, above: secondsLimit),
    .init(
      .stalls, "it makes the site wait for more than \(secondsLimit) seconds",
      #"\bwaitfor\s+delay\s+['"](?:\d*[1-9]\d*:\d+|\d+:\d*[1-9]\d*):"#),
    .init(
      .stalls, "it makes the site wait for more than \(secondsLimit) seconds",
      #"\b(?:receive_message|dbms_(?:lock|session)\.sleep)\s*\([^)]*?(\d+)\s*\)"#, above: secondsLimit),
    .init(.floods, "entities that grow when they are read", #"(?:<!ENTITY[^>]*>\s*){4}"#),
  ]
}
