// Load for the ingest benchmark: N keep-alive HTTP connections post messages, one WebSocket receives them, all in one epoll loop.
// usage: load PORT POST_PATH WS_PATH CONNECTIONS WARMUP_S SECONDS RATE   (RATE 0 = closed loop, else posts per second, open loop)
// Prints one line of JSON. Stops by itself. Talks to 127.0.0.1 only.
#include "wire.h"

enum { HTTP_BUFFER = 1 << 14, SOCKET_BUFFER = 1 << 20 };
typedef struct { int fd; size_t filled; int busy; char buffer[HTTP_BUFFER]; } Connection;

static uint64_t accepted, refused, delivered, measuring, last_seq;
static const char *post_path;

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

static void received(void *unused, const char *text, size_t length) {
  (void)unused;
  char *mark = memmem(text, length, "T=", 2);
  char *seq = memmem(text, length, "\"seq\":", 6);
  if (seq) last_seq = strtoull(seq + 6, NULL, 10);
  if (!mark || !measuring) return;
  took(strtoull(mark + 2, NULL, 10));
  delivered++;
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
        if (got > 0) waiting = frames(incoming, waiting + (size_t)got, received, NULL);
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
