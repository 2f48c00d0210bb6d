#ifndef CLINUX_H
#define CLINUX_H
// What glibc has and Swift's Glibc module lacks: epoll, eventfd, thread affinity, capabilities, peer credentials.
#include <sched.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <string.h>
#include <unistd.h>
// Seen without _GNU_SOURCE, as Swift's Glibc module sees the same headers: two views of one type cannot be mixed.

// What SO_PEERCRED answers (unix(7)); glibc shows `struct ucred` to GNU sources only.
struct vigil_peer {
  pid_t pid;
  uid_t uid;
  gid_t gid;
};
// Where `sought` begins first in `bytes`, or NULL: memmem(3), which glibc shows to GNU sources only.
static inline const void *vigil_find(const void *bytes, size_t count, const void *sought, size_t length) {
  extern void *memmem(const void *, size_t, const void *, size_t);
  return memmem(bytes, count, sought, length);
}
// The signal that this process gets when the thread that started it ends.
static inline int vigil_die_with_parent(int signal_number) {
  return prctl(PR_SET_PDEATHSIG, (unsigned long)signal_number, 0, 0, 0);
}
// Nothing that this process starts, and nothing it becomes, gains rights any more.
static inline int vigil_no_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
// A descriptor whose 8 bytes count the instructions that this thread retires in user mode from now on; -1 where the
// processor or the system keeps no such counter.
static inline int vigil_count_instructions(void) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.size = sizeof attributes;
  attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0UL);
}
// How a connected stream stands: whether its peer ever sent a byte, and whether it was reset or closed by the peer.
struct vigil_stream {
  int heard;
  int reset;
  int closed;
};
// All zero where the system does not tell.
struct vigil_stream vigil_stream_state(int descriptor);
// What a program that we start may use; see setrlimit(2).
struct vigil_bounds {
  unsigned long memory;
  unsigned long cpu_seconds;
  unsigned long file_bytes;
  unsigned long open_files;
};
// Starts `path` in `folder`, leader of its own session and process group, bounded, with no descriptor but null, `output`
// and `complaint`, no right to gain rights, killed when the calling thread ends. The process id, or an errno below zero.
// Not posix_spawn(3), which can neither bound a program nor tie its life to ours.
int vigil_start_bounded(
    const char *path, char *const arguments[], char *const environment[], const char *folder, int output, int complaint,
    const struct vigil_bounds *bounds);
// Removes a folder with all that is in it, following no link.
int vigil_remove_tree(const char *path);
#endif
