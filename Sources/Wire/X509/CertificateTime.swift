/// UTCTime and GeneralizedTime as RFC 5280 section 4.1.2.5 wants them: to the second, in UTC.
enum CertificateTime {
  static func seconds(_ bytes: RawSpan, _ element: DERElement) -> Int64? {
    let text = bytes.clamped(element.content.lowerBound, element.content.upperBound)
    let yearDigits = element.tag == DERTag.utcTime ? 2 : element.tag == DERTag.generalizedTime ? 4 : 0
    guard yearDigits > 0, text.byteCount == yearDigits + 11, text.byte(yearDigits + 10) == UInt8(ascii: "Z") else {
      return nil
    }
    func number(_ start: Int, _ count: Int) -> Int? {
      var value = 0
      for offset in start..<(start + count) {
        let digit = Int(text.byte(offset)) - 48
        guard (0...9).contains(digit) else { return nil }
        value = value * 10 + digit
      }
      return value
    }
    guard var year = number(0, yearDigits), let month = number(yearDigits, 2), let day = number(yearDigits + 2, 2),
      let hour = number(yearDigits + 4, 2), let minute = number(yearDigits + 6, 2),
      let second = number(yearDigits + 8, 2), (1...12).contains(month), (1...31).contains(day), hour < 24,
      minute < 60, second < 61
    else { return nil }
    if yearDigits == 2 { year += year < 50 ? 2000 : 1900 }
    return days(year, month, day) * 86400 + Int64(hour * 3600 + minute * 60 + second)
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int64(era * 146_097 + dayOfEra - 719_468)
  }
}
