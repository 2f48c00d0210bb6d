import ControlAPI
import Records
import Wire

/// A source in words: what sees and what is blind, who has the watch, what was handed over, how the way of an alert is.
struct StateView {
  let panel: PanelView

  func draw(_ canvas: inout Canvas) {
    guard let value = panel.model.answers(to: panel.panel).compactMap(\.value).first else {
      return panel.missing(&canvas)
    }
    let lines = lines(value, canvas.look)
    if lines.isEmpty { return panel.empty(&canvas) }
    panel.put(lines, &canvas)
  }

  private func lines(_ value: any Sendable, _ look: Look) -> [Line] {
    switch value {
    case let overview as Overview:
      panel.panel.source?.name == "scanners" ? StateLines.scans(overview, look) : StateLines.all(overview, look)
    case let duty as DutyStatus: DutyLines.watch(duty, now: panel.model.now, look)
    case let shifts as Page<ShiftItem>: DutyLines.handover(shifts.items, now: panel.model.now, look)
    case let canary as CanaryReport: DutyLines.canary(canary, look)
    default: []
    }
  }
}
