/* What both comparators share: the work asked for on the command line, the clock, and latencies. */
#ifndef ATTEST_BENCH_WORK_H
#define ATTEST_BENCH_WORK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PAYLOAD 64
/* More connects than this at once overflow Mosquitto's backlog of 100 and cost SYN retries of a second. */
#define CONNECTING 64

struct work {
  int port, pubs, subs, idle, qos, window, batched;
  double seconds, rate;
};

static inline uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void die(const char *what) {
  perror(what);
  exit(3);
}

/* Words are name=number; one that is not known ends the program. */
static inline struct work read_work(int argc, char **argv) {
  struct work w = {1883, 0, 0, 0, 0, 20, 0, 5, 0};
  for (int i = 1; i < argc; i++) {
    char *value = strchr(argv[i], '=');
    if (!value) { fprintf(stderr, "name=number is due, not \"%s\"\n", argv[i]); exit(2); }
    *value++ = 0;
    double n = atof(value);
    if (!strcmp(argv[i], "port")) w.port = (int)n;
    else if (!strcmp(argv[i], "pubs")) w.pubs = (int)n;
    else if (!strcmp(argv[i], "subs")) w.subs = (int)n;
    else if (!strcmp(argv[i], "idle")) w.idle = (int)n;
    else if (!strcmp(argv[i], "qos")) w.qos = (int)n;
    else if (!strcmp(argv[i], "window")) w.window = (int)n;
    else if (!strcmp(argv[i], "batched")) w.batched = (int)n;
    else if (!strcmp(argv[i], "seconds")) w.seconds = n;
    else if (!strcmp(argv[i], "rate")) w.rate = n;
    else { fprintf(stderr, "there is no \"%s\"\n", argv[i]); exit(2); }
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  return w;
}

static inline void tell_ready(void) {
  printf("{\"event\":\"ready\"}\n");
  fflush(stdout);
}

static double *latencies;
static size_t latency_count, latency_room;

static inline void note_latency(double ms) {
  if (latency_count == latency_room) {
    latency_room = latency_room ? 2 * latency_room : 65536;
    latencies = realloc(latencies, latency_room * sizeof *latencies);
    if (!latencies) die("realloc");
  }
  latencies[latency_count++] = ms;
}

static inline int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* Says what was sent and received and, where anything was timed, the percentiles from the due moment. */
static inline void tell_done(long sent, long received) {
  printf("{\"event\":\"done\",\"sent\":%ld,\"received\":%ld", sent, received);
  if (latency_count) {
    qsort(latencies, latency_count, sizeof *latencies, by_size);
    printf(",\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f", latencies[latency_count / 2],
           latencies[(size_t)((double)(latency_count - 1) * 0.99)], latencies[latency_count - 1]);
  }
  printf("}\n");
  fflush(stdout);
}

/* Stays until the bench closes our input, so that what the system counted for us can be read at leisure. */
static inline void linger(void) {
  char byte;
  while (read(0, &byte, 1) > 0) {}
}

#endif
