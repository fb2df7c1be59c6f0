// What the thread pool needs from the system: futex, affinity, clock.
#define _GNU_SOURCE
#include "CKernels.h"

#include <malloc.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void dg_futex_wait(const void *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void dg_futex_wake(void *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

void dg_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// The CPUs that the whole process may use: those of its first thread, for pinning narrows a thread's own set.
static int allowed_cpus(cpu_set_t *set) {
  CPU_ZERO(set);
  if (sched_getaffinity(getpid(), sizeof *set, set) != 0) return 0;
  return CPU_COUNT(set);
}

// The set as it was before the first pinning, because the main thread may be the one that is pinned.
static cpu_set_t initial_set;
static int initial_count;

__attribute__((constructor)) static void remember_cpus(void) { initial_count = allowed_cpus(&initial_set); }

int dg_cpu_count(void) { return initial_count > 0 ? initial_count : 1; }

int dg_pin_to_cpu(int index) {
  if (initial_count <= 0 || index < 0) return -1;
  int left = index % initial_count;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &initial_set) || left-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    return sched_setaffinity(0, sizeof one, &one);
  }
  return -1;
}

double dg_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void dg_heap_keep_small(int bytes) {
#ifdef M_MXFAST
  mallopt(M_MXFAST, bytes);
#else
  (void)bytes;
#endif
}
