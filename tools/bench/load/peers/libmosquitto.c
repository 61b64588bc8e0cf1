/*
 * The same work on Debian's libmosquitto: one thread, one epoll, every client a struct mosquitto driven by its own
 * loop_read, loop_write and loop_misc. See raw.c for the command line; batched= has no meaning here.
 */
#define _GNU_SOURCE
#include "work.h"

#include <mosquitto.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

struct client {
  struct mosquitto *m;
  int n, subscribes, inflight, writing;
  long sent, received;
  struct client *pair;
  char topic[24];
};

static struct work w;
static struct client *clients;
static int count, started, ready, epoll_fd;
static uint64_t begin;
static long total_sent, total_received;

static void must(int code, const char *what) {
  if (code == MOSQ_ERR_SUCCESS) return;
  fprintf(stderr, "%s: %s\n", what, mosquitto_strerror(code));
  exit(3);
}

/* epoll is told to wait for room to write exactly while the library has something to write. */
static void watch(struct client *c) {
  int want = mosquitto_want_write(c->m);
  if (want == c->writing) return;
  c->writing = want;
  struct epoll_event e = {.events = EPOLLIN | (want ? EPOLLOUT : 0), .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, mosquitto_socket(c->m), &e);
}

static void on_connect(struct mosquitto *m, void *self, int code) {
  struct client *c = self;
  if (code) { fprintf(stderr, "refused: %d\n", code); exit(3); }
  if (c->subscribes) must(mosquitto_subscribe(m, NULL, c->topic, w.qos), "subscribe");
  else ready++;
}

static void on_subscribe(struct mosquitto *m, void *self, int id, int n, const int *granted) {
  (void)m, (void)self, (void)id, (void)n, (void)granted;
  ready++;
}

static void on_publish(struct mosquitto *m, void *self, int id) {
  (void)m, (void)id;
  ((struct client *)self)->inflight--;
}

static void on_message(struct mosquitto *m, void *self, const struct mosquitto_message *message) {
  struct client *c = self;
  (void)m;
  c->received++;
  total_received++;
  if (w.rate > 0) {
    uint64_t stamp;
    memcpy(&stamp, message->payload, sizeof stamp);
    note_latency((double)(now_ns() - stamp) / 1e6);
  }
}

static void publish(struct client *c, uint64_t stamp) {
  uint8_t payload[PAYLOAD];
  memset(payload, 'x', PAYLOAD);
  memcpy(payload, &stamp, sizeof stamp);
  c->inflight++;
  c->sent++;
  total_sent++;
  must(mosquitto_publish(c->m, NULL, c->topic, PAYLOAD, payload, w.qos, false), "publish");
}

static void start_one(void) {
  struct client *c = &clients[started];
  char id[32];
  snprintf(id, sizeof id, "lib-%d", started++);
  c->m = mosquitto_new(id, true, c);
  if (!c->m) die("mosquitto_new");
  mosquitto_connect_callback_set(c->m, on_connect);
  mosquitto_subscribe_callback_set(c->m, on_subscribe);
  mosquitto_publish_callback_set(c->m, on_publish);
  mosquitto_message_callback_set(c->m, on_message);
  mosquitto_max_inflight_messages_set(c->m, (unsigned)w.window);
  mosquitto_int_option(c->m, MOSQ_OPT_TCP_NODELAY, 1);
  must(mosquitto_connect_async(c->m, "127.0.0.1", w.port, 3600), "connect");
  c->writing = 1;
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, mosquitto_socket(c->m), &e)) die("epoll_ctl");
}

static int turn(struct timespec *most) {
  struct epoll_event events[256];
  int n = epoll_pwait2(epoll_fd, events, 256, most, NULL);
  for (int i = 0; i < n; i++) {
    struct client *c = events[i].data.ptr;
    if (events[i].events & EPOLLOUT) must(mosquitto_loop_write(c->m, 1), "loop_write");
    if (events[i].events & EPOLLIN) must(mosquitto_loop_read(c->m, 1), "loop_read");
    watch(c);
  }
  return n;
}

static void connect_all(void) {
  while (ready < count) {
    while (started < count && started - ready < CONNECTING) start_one();
    struct timespec most = {10, 0};
    if (turn(&most) <= 0) { fprintf(stderr, "no connection came for 10 s\n"); exit(3); }
  }
}

static int room(struct client *c) {
  if (mosquitto_want_write(c->m)) return 0;
  if (w.qos) return w.window - c->inflight;
  return c->pair ? 500 - (int)(c->sent - c->pair->received) : 64;
}

static void flow(void) {
  struct timespec soon = {0, 1000000}, at_once = {0, 0};
  int sent = 0;
  while ((double)(now_ns() - begin) < w.seconds * 1e9) {
    sent = 0;
    for (int i = 0; i < w.pubs; i++) {
      struct client *c = &clients[i];
      for (int n = room(c); n > 0 && !mosquitto_want_write(c->m); n--) publish(c, 0), sent++;
      watch(c);
    }
    turn(sent ? &at_once : &soon);
  }
}

static void scheduled(void) {
  long due = (long)(w.rate * w.seconds), *next = calloc((size_t)w.pubs, sizeof *next);
  uint64_t end = begin + (uint64_t)((w.seconds + 3) * 1e9);
  while (total_received < due && now_ns() < end) {
    uint64_t now = now_ns(), soonest = end;
    for (int k = 0; k < w.pubs; k++) {
      for (;;) {
        long number = next[k] * w.pubs + k;
        if (number >= due) break;
        uint64_t moment = begin + (uint64_t)((double)number * 1e9 / w.rate);
        if (moment > now) { if (moment < soonest) soonest = moment; break; }
        if (w.qos && clients[k].inflight >= w.window) break;
        next[k]++;
        publish(&clients[k], moment);
        watch(&clients[k]);
      }
    }
    now = now_ns();
    uint64_t rest = soonest > now ? soonest - now : 0;
    struct timespec most = {(time_t)(rest / 1000000000u), (long)(rest % 1000000000u)};
    turn(&most);
  }
}

int main(int argc, char **argv) {
  w = read_work(argc, argv);
  mosquitto_lib_init();
  count = w.pubs + w.subs + w.idle;
  clients = calloc((size_t)count, sizeof *clients);
  epoll_fd = epoll_create1(0);
  for (int i = 0; i < count; i++) {
    clients[i].subscribes = i >= w.pubs && i < w.pubs + w.subs;
    clients[i].n = clients[i].subscribes ? i - w.pubs : i;
    if (i < w.subs) clients[i].pair = &clients[w.pubs + i];
    snprintf(clients[i].topic, sizeof clients[i].topic, "bench/%d", clients[i].n);
  }
  connect_all();
  tell_ready();
  begin = now_ns();
  if (w.rate > 0) scheduled();
  else if (w.pubs) flow();
  tell_done(total_sent, total_received);
  linger();
  return 0;
}
