// As CSystem: system headers must look the same to both modules.
#define _GNU_SOURCE
#include <pcap/pcap.h>
