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
#endif
