#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static int limit(int which, unsigned long value) {
  struct rlimit both = {value, value};
  return setrlimit(which, &both);
}

// Between fork and exec of a program with threads: only calls that signal-safety(7) lists, and bare system calls.
static void become(
    const char *path, char *const arguments[], char *const environment[], const char *folder, int output, int complaint,
    const struct vigil_bounds *bounds, int report, pid_t parent) {
  struct sigaction usual;
  memset(&usual, 0, sizeof usual);
  usual.sa_handler = SIG_DFL;
  for (int number = 1; number < 65; number++) sigaction(number, &usual, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int null = open("/dev/null", O_RDONLY);
  // Out of the way of 0 to 3 first, for each may be any number.
  int out = fcntl(output, F_DUPFD, 16), err = fcntl(complaint, F_DUPFD, 16), tell = fcntl(report, F_DUPFD, 16);
  if (null < 0 || out < 0 || err < 0 || tell < 0) goto failed;
  if (dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 || dup2(tell, 3) < 0) goto failed;
  report = 3;
  if (fcntl(3, F_SETFD, FD_CLOEXEC) < 0) goto failed;
  if (syscall(SYS_close_range, 4U, ~0U, 0U) != 0)
    for (int descriptor = 4; descriptor < 65536; descriptor++) close(descriptor);
  if (setsid() < 0 || chdir(folder) != 0) goto failed;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) goto failed;
  if (getppid() != parent) _exit(127);
  if (limit(RLIMIT_CORE, 0) || limit(RLIMIT_AS, bounds->memory) || limit(RLIMIT_CPU, bounds->cpu_seconds)
      || limit(RLIMIT_FSIZE, bounds->file_bytes) || limit(RLIMIT_NOFILE, bounds->open_files))
    goto failed;
  execve(path, arguments, environment);
failed:;
  int cause = errno;
  ssize_t ignored = write(report, &cause, sizeof cause);
  (void)ignored;
  _exit(127);
}

int vigil_start_bounded(
    const char *path, char *const arguments[], char *const environment[], const char *folder, int output, int complaint,
    const struct vigil_bounds *bounds) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) become(path, arguments, environment, folder, output, complaint, bounds, ends[1], parent);
  int cause = child < 0 ? errno : 0;
  close(ends[1]);
  if (child > 0) {
    int told = 0;
    ssize_t count;
    do count = read(ends[0], &told, sizeof told);
    while (count < 0 && errno == EINTR);
    if (count == (ssize_t)sizeof told) {
      cause = told;
      while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    }
  }
  close(ends[0]);
  return cause ? -cause : child;
}

static int removed(const char *path, const struct stat *state, int kind, struct FTW *walk) {
  (void)state;
  (void)kind;
  (void)walk;
  remove(path);
  return 0;
}

int vigil_remove_tree(const char *path) { return nftw(path, removed, 16, FTW_DEPTH | FTW_PHYS); }
