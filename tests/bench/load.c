// Load for the ingest benchmark: N keep-alive HTTP connections post messages, one WebSocket receives them, all in one epoll loop.
// usage: load PORT POST_PATH WS_PATH CONNECTIONS WARMUP_S SECONDS RATE   (RATE 0 = closed loop, else posts per second, open loop)
// Prints one line of JSON. Stops by itself. Talks to 127.0.0.1 only.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUCKETS = 200000, BUCKET_NS = 5000, HTTP_BUFFER = 1 << 14, SOCKET_BUFFER = 1 << 20 };
typedef struct { int fd; size_t filled; int busy; char buffer[HTTP_BUFFER]; } Connection;

static uint32_t latencies[BUCKETS];
static uint64_t accepted, refused, delivered, measuring, last_seq;
static const char *post_path;
static int port;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
static void die(const char *what) { perror(what); exit(1); }
static int dial(void) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) die("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}
static void send_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t n = write(fd, bytes, length);
    if (n < 0 && errno == EAGAIN) continue;
    if (n <= 0) die("write");
    bytes += n; length -= (size_t)n;
  }
}

static void post(Connection *c) {
  static const char filler[] = "The quick relay carries the lazy message over the wire and back again, and nothing is lost on the way. ";
  char body[512], request[1024];
  int length = snprintf(body, sizeof body, "{\"from\":\"bench\",\"content\":\"T=%020llu %s%s\"}", (unsigned long long)now_ns(), filler, filler);
  int total = snprintf(request, sizeof request,
    "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", post_path, port, length, body);
  c->busy = 1;
  send_all(c->fd, request, (size_t)total);
}

// True when a whole answer was read; keeps what follows.
static int answered(Connection *c) {
  char *end = memmem(c->buffer, c->filled, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t head = (size_t)(end - c->buffer) + 4, body = 0;
  for (char *line = c->buffer; line < end; line++)
    if (!strncasecmp(line, "\r\ncontent-length:", 17)) { body = strtoul(line + 17, NULL, 10); break; }
  if (c->filled < head + body) return 0;
  int ok = !strncmp(c->buffer + 9, "200", 3);
  if (measuring) { if (ok) accepted++; else refused++; }
  c->filled -= head + body;
  memmove(c->buffer, c->buffer + head + body, c->filled);
  c->busy = 0;
  return 1;
}

static void send_frame(int fd, const char *text) {
  size_t length = strlen(text);
  char frame[256] = { (char)0x81, (char)(0x80 | length), 0, 0, 0, 0 };
  memcpy(frame + 6, text, length);
  send_all(fd, frame, length + 6);
}
static void open_socket(int fd, const char *path) {
  char request[2048], answer[4096];
  int n = snprintf(request, sizeof request,
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: chaos.v2\r\n\r\n", path, port);
  send_all(fd, request, (size_t)n);
  size_t got = 0;
  while (got < sizeof answer - 1) {
    if (read(fd, answer + got, 1) != 1) die("handshake");
    answer[++got] = 0;
    if (got >= 4 && !strcmp(answer + got - 4, "\r\n\r\n")) break;
  }
  if (strncmp(answer, "HTTP/1.1 101", 12)) { fprintf(stderr, "%s\n", answer); exit(1); }
  send_frame(fd, "{\"type\":\"resume\",\"cursor\":0,\"epoch\":null}");
}
static void received(const char *text, size_t length) {
  char *mark = memmem(text, length, "T=", 2);
  char *seq = memmem(text, length, "\"seq\":", 6);
  if (seq) last_seq = strtoull(seq + 6, NULL, 10);
  if (!mark || !measuring) return;
  uint64_t sent = strtoull(mark + 2, NULL, 10), took = now_ns() - sent;
  uint64_t bucket = took / BUCKET_NS;
  latencies[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
  delivered++;
}
static size_t frames(char *buffer, size_t filled) {
  size_t at = 0;
  while (filled - at >= 2) {
    unsigned char *f = (unsigned char *)buffer + at;
    size_t head = 2, length = f[1] & 0x7f;
    if (length == 126) { if (filled - at < 4) break; length = (size_t)f[2] << 8 | f[3]; head = 4; }
    else if (length == 127) { if (filled - at < 10) break; length = 0; for (int i = 2; i < 10; i++) length = length << 8 | f[i]; head = 10; }
    if (filled - at < head + length) break;
    received(buffer + at + head, length);
    at += head + length;
  }
  memmove(buffer, buffer + at, filled - at);
  return filled - at;
}
static double percentile(double p) {
  uint64_t total = 0, seen = 0;
  for (int i = 0; i < BUCKETS; i++) total += latencies[i];
  for (int i = 0; i < BUCKETS; i++) { seen += latencies[i]; if (total && (double)seen >= p * (double)total) return (i + 0.5) * BUCKET_NS / 1e6; }
  return -1;
}
static double cpu_seconds(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return (double)r.ru_utime.tv_sec + (double)r.ru_stime.tv_sec + (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

int main(int count, char **args) {
  if (count != 8) { fprintf(stderr, "usage: load PORT POST_PATH WS_PATH CONNECTIONS WARMUP_S SECONDS RATE\n"); return 2; }
  port = atoi(args[1]); post_path = args[2];
  int connections = atoi(args[4]);
  double warmup = atof(args[5]), seconds = atof(args[6]), rate = atof(args[7]);
  Connection *all = calloc((size_t)connections, sizeof *all);
  char *incoming = malloc(SOCKET_BUFFER);
  size_t waiting = 0;
  int poll = epoll_create1(0), ws = dial();
  if (!all || !incoming || poll < 0) die("setup");
  open_socket(ws, args[3]);
  fcntl(ws, F_SETFL, O_NONBLOCK);
  struct epoll_event event = { .events = EPOLLIN, .data.u32 = UINT32_MAX };
  epoll_ctl(poll, EPOLL_CTL_ADD, ws, &event);
  for (int i = 0; i < connections; i++) {
    all[i].fd = dial();
    fcntl(all[i].fd, F_SETFL, O_NONBLOCK);
    event.data.u32 = (uint32_t)i;
    epoll_ctl(poll, EPOLL_CTL_ADD, all[i].fd, &event);
  }
  uint64_t start = now_ns(), measure_at = start + (uint64_t)(warmup * 1e9), end = measure_at + (uint64_t)(seconds * 1e9);
  uint64_t next = start, ack_at = start, gap = rate > 0 ? (uint64_t)(1e9 / rate) : 0;
  uint64_t drain = end + 1000000000ull, skipped = 0;
  double cpu = 0, cpu_end = 0;
  int turn = 0;
  if (!gap) for (int i = 0; i < connections; i++) post(&all[i]);
  for (;;) {
    uint64_t now = now_ns();
    if (!measuring && now >= measure_at && now < end) { measuring = 1; cpu = cpu_seconds(); printf("{\"measuring\":true}\n"); fflush(stdout); }
    if (cpu_end == 0 && now >= end) { cpu_end = cpu_seconds(); printf("{\"measured\":true}\n"); fflush(stdout); }
    if (now >= drain || (now >= end && !gap && delivered >= accepted)) break;
    while (gap && next <= now && now < end) {
      int tries = 0;
      while (tries < connections && all[turn].busy) { turn = (turn + 1) % connections; tries++; }
      if (tries == connections) skipped++; else { post(&all[turn]); turn = (turn + 1) % connections; }
      next += gap;
    }
    if (now >= ack_at && last_seq) { char ack[64]; snprintf(ack, sizeof ack, "{\"type\":\"ack\",\"seq\":%llu}", (unsigned long long)last_seq); send_frame(ws, ack); ack_at = now + 250000000ull; }
    struct epoll_event ready[128];
    int64_t until = gap && now < end ? (int64_t)next - (int64_t)now_ns() : 10000000;
    struct timespec wait = { .tv_nsec = until < 0 ? 0 : until > 10000000 ? 10000000 : until };
    int n = epoll_pwait2(poll, ready, 128, &wait, NULL);
    for (int i = 0; i < n; i++) {
      if (ready[i].data.u32 == UINT32_MAX) {
        ssize_t got = read(ws, incoming + waiting, SOCKET_BUFFER - waiting);
        if (got == 0 || (got < 0 && errno != EAGAIN)) { fprintf(stderr, "the relay closed the socket\n"); return 1; }
        if (got > 0) waiting = frames(incoming, waiting + (size_t)got);
        continue;
      }
      Connection *c = &all[ready[i].data.u32];
      ssize_t got = read(c->fd, c->buffer + c->filled, HTTP_BUFFER - c->filled);
      if (got == 0 || (got < 0 && errno != EAGAIN)) { fprintf(stderr, "the relay closed a connection\n"); return 1; }
      if (got > 0) c->filled += (size_t)got;
      if (answered(c) && !gap && now_ns() < end) post(c);
    }
  }
  printf("{\"accepted\":%llu,\"refused\":%llu,\"delivered\":%llu,\"skipped\":%llu,\"seconds\":%.3f,\"p50\":%.4f,\"p99\":%.4f,\"generatorCpu\":%.3f}\n",
    (unsigned long long)accepted, (unsigned long long)refused, (unsigned long long)delivered, (unsigned long long)skipped, seconds,
    percentile(0.5), percentile(0.99), (cpu_end - cpu) / seconds);
  return 0;
}
