/// Seam: the three narrow seams that join the processes, over one Unix stream socket.
///
/// Records go up in numbered batches and are held until the hub has stored them; leases and commands come down.
/// It turns records into a bounded spool on disk, spool into batches, messages into frames and back.
///
/// It does not know what a record means, what a job does or who may connect: roles and the hub do. It is
/// synchronous, and runs one thread of its own (`SeamClient`).
///
/// Called by Sensor and Scanner (`Spool`, `SeamClient`, `StatusPage`) and by Hub (`FrameDecoder`, `SeamMessage`).
