/*
 * MQTT 3.1.1 over plain sockets, without any of a tool's duties: what the work itself costs. Two ways: a packet per call
 * (what most clients do), and batched (batched=1), which reads and writes once per millisecond, or every 10 ms where it
 * only publishes.
 *
 *   raw port=1883 pubs=10 subs=10 qos=1 window=20 batched=1 seconds=5      publisher n to subscriber n
 *   raw port=1883 pubs=100 qos=0 seconds=5                                 publish only
 *   raw port=1883 idle=5000                                                connect, and hold until the input ends
 *   raw port=1883 pubs=10 subs=10 rate=1000 seconds=20                     timed from the due moment
 */
#define _GNU_SOURCE
#include "work.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

struct conn {
  int fd, n;
  char subscribes, state; /* 0 connecting, 1 CONNECT sent, 2 SUBSCRIBE sent, 3 ready */
  uint16_t id;
  int inflight, out_size, out_room, rest_size;
  long sent, received;
  uint8_t *out, *rest;
  struct conn *pair;
};

static struct work w;
static struct conn *conns;
static int count, started, ready, epoll_fd;
static uint8_t input[1 << 18];
static uint64_t begin;
static long total_sent, total_received;

static void flush(struct conn *c) {
  int at = 0;
  while (at < c->out_size) {
    ssize_t n = write(c->fd, c->out + at, (size_t)(c->out_size - at));
    if (n < 0 && errno == EAGAIN) break;
    if (n < 0) die("write");
    at += (int)n;
  }
  memmove(c->out, c->out + at, (size_t)(c->out_size - at));
  c->out_size -= at;
}

static void put(struct conn *c, const uint8_t *bytes, int size) {
  if (c->out_size + size > c->out_room) {
    c->out_room = 2 * (c->out_size + size);
    c->out = realloc(c->out, (size_t)c->out_room);
    if (!c->out) die("realloc");
  }
  memcpy(c->out + c->out_size, bytes, (size_t)size);
  c->out_size += size;
  if (!w.batched || c->state < 3) flush(c);
}

static int publish_packet(struct conn *c, uint8_t *p, uint64_t stamp) {
  char topic[16];
  int t = snprintf(topic, sizeof topic, "bench/%d", c->n);
  int at = 0, length = 2 + t + (w.qos ? 2 : 0) + PAYLOAD;
  p[at++] = (uint8_t)(0x30 | w.qos << 1);
  p[at++] = (uint8_t)length;
  p[at++] = 0;
  p[at++] = (uint8_t)t;
  memcpy(p + at, topic, (size_t)t);
  at += t;
  if (w.qos) {
    if (++c->id == 0) c->id = 1;
    p[at++] = (uint8_t)(c->id >> 8);
    p[at++] = (uint8_t)c->id;
  }
  memset(p + at, 'x', PAYLOAD);
  memcpy(p + at, &stamp, sizeof stamp);
  return at + PAYLOAD;
}

static void publish(struct conn *c, uint64_t stamp) {
  uint8_t p[128];
  int size = publish_packet(c, p, stamp);
  c->sent++;
  total_sent++;
  if (w.qos) c->inflight++;
  put(c, p, size);
}

static void answer(struct conn *c, int type, const uint8_t *id) {
  uint8_t p[4] = {(uint8_t)type, 2, id[0], id[1]};
  put(c, p, 4);
}

static void packet(struct conn *c, const uint8_t *p, int head, int size) {
  const uint8_t *body = p + head;
  switch (p[0] >> 4) {
    case 2: /* CONNACK */
      if (body[1]) { fprintf(stderr, "refused: %d\n", body[1]); exit(3); }
      if (c->subscribes) {
        uint8_t s[32];
        int t = snprintf((char *)s + 6, 16, "bench/%d", c->n);
        s[0] = 0x82, s[1] = (uint8_t)(t + 5), s[2] = 0, s[3] = 1, s[4] = 0, s[5] = (uint8_t)t, s[6 + t] = (uint8_t)w.qos;
        c->state = 2;
        put(c, s, 7 + t);
        break;
      } /* fall through */
    case 9: c->state = 3, ready++; break; /* SUBACK */
    case 3: { /* PUBLISH */
      int qos = p[0] >> 1 & 3, t = body[0] << 8 | body[1], at = 2 + t + (qos ? 2 : 0);
      c->received++;
      total_received++;
      if (w.rate > 0) {
        uint64_t stamp;
        memcpy(&stamp, body + at, sizeof stamp);
        note_latency((double)(now_ns() - stamp) / 1e6);
      }
      if (qos) answer(c, qos == 1 ? 0x40 : 0x50, body + 2 + t);
      break;
    }
    case 5: answer(c, 0x62, body); break; /* PUBREC */
    case 6: answer(c, 0x70, body); break; /* PUBREL */
    case 4: case 7: c->inflight--; break; /* PUBACK, PUBCOMP */
  }
  (void)size;
}

/* Takes what has arrived, and gives whether there may be more. */
static int take(struct conn *c, size_t most) {
  memcpy(input, c->rest, (size_t)c->rest_size);
  ssize_t n = read(c->fd, input + c->rest_size, most);
  if (n == 0) { fprintf(stderr, "the broker closed a connection\n"); exit(3); }
  if (n < 0) { if (errno == EAGAIN) return 0; die("read"); }
  int end = c->rest_size + (int)n, at = 0;
  while (end - at >= 2) {
    int length = 0, shift = 0, head = 1;
    uint8_t byte;
    do {
      if (at + head >= end) goto partial;
      byte = input[at + head++];
      length |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    if (end - at < head + length) break;
    packet(c, input + at, head, head + length);
    at += head + length;
  }
partial:
  c->rest_size = end - at;
  if (c->rest_size && !c->rest && !(c->rest = malloc(1 << 16))) die("malloc");
  memcpy(c->rest, input + at, (size_t)c->rest_size);
  return n == (ssize_t)most;
}

static void start_one(void) {
  struct conn *c = &conns[started++];
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)w.port)};
  int on = 1;
  inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) die("socket");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(c->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) die("connect");
  struct epoll_event e = {.events = EPOLLOUT, .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &e);
}

static void connected(struct conn *c) {
  uint8_t p[40];
  int t = snprintf((char *)p + 14, 20, "raw-%d-%s", c->n, c->subscribes ? "s" : "p");
  memcpy(p, "\x10\0\0\4MQTT\4\2\0\0\0", 13);
  p[1] = (uint8_t)(t + 12), p[13] = (uint8_t)t;
  c->state = 1;
  put(c, p, 14 + t);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void connect_all(void) {
  struct epoll_event events[256];
  while (ready < count) {
    while (started < count && started - ready < CONNECTING) start_one();
    int n = epoll_wait(epoll_fd, events, 256, 10000);
    if (n <= 0) { fprintf(stderr, "no connection came for 10 s\n"); exit(3); }
    for (int i = 0; i < n; i++) {
      struct conn *c = events[i].data.ptr;
      if (c->state == 0) connected(c);
      else take(c, 4096);
    }
  }
}

/* How many more messages a publisher may send now. */
static int room(struct conn *c) {
  if (w.qos) return w.window - c->inflight;
  /* Far enough ahead of its subscriber to keep the broker busy, not so far that the broker's memory grows. */
  return c->pair ? 500 - (int)(c->sent - c->pair->received) : 64;
}

static void flood_batched(void) {
  enum { BLOCK = 1024 };
  uint8_t p[128];
  int size = publish_packet(&conns[0], p, 0);
  uint8_t *block = malloc((size_t)(BLOCK * size));
  int *at = calloc((size_t)count, sizeof *at);
  for (int i = 0; i < BLOCK; i++) memcpy(block + i * size, p, (size_t)size);
  while ((double)(now_ns() - begin) < w.seconds * 1e9) {
    for (int i = 0; i < count; i++) {
      for (;;) {
        ssize_t n = write(conns[i].fd, block + at[i], (size_t)(BLOCK * size - at[i]));
        if (n < 0 && errno == EAGAIN) break;
        if (n < 0) die("write");
        total_sent += (at[i] % size + n) / size;
        at[i] = (int)((at[i] + n) % (BLOCK * size));
      }
    }
    /* The buffers of a hundred sockets last the broker for longer than this. */
    usleep(10000);
  }
}

static void tick(void) {
  for (int i = 0; i < count; i++) while (take(&conns[i], 1 << 17)) {}
  for (int i = 0; i < w.pubs; i++) for (int n = room(&conns[i]); n > 0; n--) publish(&conns[i], 0);
  for (int i = 0; i < count; i++) if (conns[i].out_size) flush(&conns[i]);
  usleep(1000);
}

static void wait_and_take(struct timespec *most) {
  struct epoll_event events[256];
  int n = epoll_pwait2(epoll_fd, events, 256, most, NULL);
  for (int i = 0; i < n; i++) {
    struct conn *c = events[i].data.ptr;
    if (events[i].events & EPOLLIN) take(c, 4096);
    if (events[i].events & EPOLLOUT) flush(c);
  }
}

/* A packet per call: whoever has room sends. */
static void flow(void) {
  struct timespec soon = {0, 1000000}, at_once = {0, 0};
  int sent = 1;
  wait_and_take(sent ? &at_once : &soon);
  while ((double)(now_ns() - begin) < w.seconds * 1e9) {
    sent = 0;
    for (int i = 0; i < w.pubs; i++) {
      struct conn *c = &conns[i];
      if (c->out_size) { flush(c); continue; }
      for (int n = room(c); n > 0 && !c->out_size; n--) publish(c, 0), sent++;
    }
    wait_and_take(sent ? &at_once : &soon);
  }
}

/* An absolute schedule: message j of publisher k is due at (j * publishers + k) / rate. */
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
        if (w.qos && conns[k].inflight >= w.window) break;
        next[k]++;
        publish(&conns[k], moment);
      }
    }
    now = now_ns();
    uint64_t rest = soonest > now ? soonest - now : 0;
    struct timespec most = {(time_t)(rest / 1000000000u), (long)(rest % 1000000000u)};
    wait_and_take(&most);
  }
}

int main(int argc, char **argv) {
  w = read_work(argc, argv);
  int pauses = w.batched && !(w.rate > 0);
  w.batched = 0;
  count = w.pubs + w.subs + w.idle;
  conns = calloc((size_t)count, sizeof *conns);
  epoll_fd = epoll_create1(0);
  for (int i = 0; i < count; i++) {
    conns[i].n = i >= w.pubs && i < w.pubs + w.subs ? i - w.pubs : i;
    conns[i].subscribes = i >= w.pubs && i < w.pubs + w.subs;
    if (i < w.subs) conns[i].pair = &conns[w.pubs + i];
  }
  connect_all();
  w.batched = pauses;
  tell_ready();
  begin = now_ns();
  if (w.rate > 0) scheduled();
  else if (w.pubs && !w.subs && w.batched && !w.qos) flood_batched();
  else if (w.pubs && w.batched) while ((double)(now_ns() - begin) < w.seconds * 1e9) tick();
  else if (w.pubs) flow();
  tell_done(total_sent, total_received);
  linger();
  return 0;
}
