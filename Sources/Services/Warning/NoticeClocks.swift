package import Records
package import Wire

/// The times that an organisation has, as they hold from a day on.
package struct NoticeClocks: Sendable, Equatable {
  package var from: Timestamp
  package var receiptDays = 1
  package var answerDays = 10
  package var urgentReceiptSeconds = 900.0
  package var urgentContainedSeconds = 3600.0
  package var urgentAnswerSeconds = 7200.0
  package var fix = FixClock()
  /// Parts of the time at which is reminded, in percent, rising.
  package var reminders = [50, 80, 100]
  package var reminderSeconds = 86_400.0
  /// From one level of supervision to the next.
  package var supervisionSeconds = 86_400.0
  package var urgentSupervisionSeconds = 3600.0
  /// To answer what came to us, where the sender set no deadline.
  package var intakeDays = 10

  package init(from: Timestamp = Timestamp(nanoseconds: 0)) { self.from = from }
}

/// Clocks with their dates, and the calendar they are counted by.
package struct NoticeTimes: Sendable, Equatable {
  /// In the order of their dates, one at least.
  package var clocks: [NoticeClocks]
  package var calendar: WorkingCalendar
  package init(clocks: [NoticeClocks] = [NoticeClocks()], calendar: WorkingCalendar = WorkingCalendar()) {
    self.clocks = clocks.isEmpty ? [NoticeClocks()] : clocks.sorted { $0.from < $1.from }
    self.calendar = calendar
  }

  /// What holds at `time`; before the first date, the first.
  package func clocks(at time: Timestamp) -> NoticeClocks {
    clocks.last { $0.from <= time } ?? clocks.first ?? NoticeClocks()
  }

  func receipt(_ urgency: NoticeUrgency, from time: Timestamp) -> Timestamp {
    let clocks = clocks(at: time)
    return urgency == .urgent
      ? time.advanced(seconds: clocks.urgentReceiptSeconds)
      : calendar.end(ofWorkingDay: clocks.receiptDays, after: time)
  }

  func answer(_ urgency: NoticeUrgency, from time: Timestamp) -> Timestamp {
    let clocks = clocks(at: time)
    return urgency == .urgent
      ? time.advanced(seconds: clocks.urgentAnswerSeconds)
      : calendar.end(ofWorkingDay: clocks.answerDays, after: time)
  }

  func supervisionStep(_ urgency: NoticeUrgency, at time: Timestamp) -> Double {
    let clocks = clocks(at: time)
    return urgency == .urgent ? clocks.urgentSupervisionSeconds : clocks.supervisionSeconds
  }
}
