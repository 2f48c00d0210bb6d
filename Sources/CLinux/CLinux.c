#include "CLinux.h"
#include <linux/tcp.h>
#include <netinet/in.h>

// States of a connection as the kernel numbers them (include/net/tcp_states.h).
enum { state_closed = 7, state_close_wait = 8 };

struct vigil_stream vigil_stream_state(int descriptor) {
  struct vigil_stream stream = {0, 0, 0};
  struct tcp_info info;
  socklen_t size = sizeof info;
  memset(&info, 0, sizeof info);
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return stream;
  // The end of a stream counts as one byte of it.
  stream.heard = info.tcpi_bytes_received > 1;
  stream.reset = info.tcpi_state == state_closed;
  stream.closed = info.tcpi_state == state_close_wait;
  return stream;
}
