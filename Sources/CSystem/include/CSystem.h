#ifndef CSYSTEM_H
#define CSYSTEM_H
// What glibc has and Swift's Glibc module lacks: epoll, eventfd, thread affinity, capabilities, peer credentials.
#define _GNU_SOURCE
#include <sched.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
// The signal that this process gets when the thread that started it ends.
static inline int vigil_die_with_parent(int signal_number) {
  return prctl(PR_SET_PDEATHSIG, (unsigned long)signal_number, 0, 0, 0);
}
// Nothing that this process starts, and nothing it becomes, gains rights any more.
static inline int vigil_no_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
#endif
