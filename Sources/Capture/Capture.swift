/// # Capture: where packets come from
///
/// Turns a capture file, standard input or a live interface into headers and borrowed bytes, packet after packet,
/// and tells what was lost on the way (drops by the kernel, a file that ends early).
///
/// What it does *not* do: look into packets (`Decode`), or choose what to capture beyond a BPF filter. An operator's
/// mistake (no such file, no such interface, no permission, a bad filter) is a `CaptureError`: a sentence and a hint.
/// A file that is cut off or damaged is no error: what could be read is read, and the outcome says the rest.
///
/// Who calls it: `Sensor`, one source a thread. `stop()` may be called from any thread.
