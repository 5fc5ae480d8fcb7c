// Load for the benchmark of replies: N WebSockets send replies, each with some under way at once, and wait for every acknowledgement.
// usage: replies PORT SOCKETS_FILE IN_FLIGHT WARMUP_S SECONDS   (a line per socket: its path and the channel it answers in)
// Prints one line of JSON. Stops by itself. Talks to 127.0.0.1 only.
#include "wire.h"

enum { SOCKET_BUFFER = 1 << 16, MOST_IN_FLIGHT = 64, MOST_SOCKETS = 4096 };
typedef struct {
  int fd;
  size_t filled;
  uint64_t sent[MOST_IN_FLIGHT], first, next; // acknowledgements come in the order of the replies
  char channel[80], buffer[SOCKET_BUFFER];
} Socket;

static uint64_t accepted, refused, measuring;

static void reply(Socket *s) {
  static const char filler[] = "The quick relay carries the lazy answer over the wire and back again, and nothing is lost on the way. ";
  char text[700];
  snprintf(text, sizeof text, "{\"type\":\"reply\",\"channelId\":\"%s\",\"content\":\"%s%s\",\"clientId\":\"c%p-%llu\"}", s->channel, filler, filler,
    (void *)s, (unsigned long long)s->next);
  s->sent[s->next++ % MOST_IN_FLIGHT] = now_ns();
  send_frame(s->fd, text);
}

static void received(void *socket, const char *text, size_t length) {
  Socket *s = socket;
  int ok = memmem(text, length, "\"reply_ack\"", 11) != NULL;
  if (!ok && !memmem(text, length, "\"error\"", 7)) return;
  uint64_t since = s->sent[s->first++ % MOST_IN_FLIGHT];
  if (measuring) {
    if (ok) { accepted++; took(since); } else { if (!refused++) fprintf(stderr, "%.*s\n", (int)length, text); }
  }
  reply(s);
}

int main(int count, char **args) {
  if (count != 6) { fprintf(stderr, "usage: replies PORT SOCKETS_FILE IN_FLIGHT WARMUP_S SECONDS\n"); return 2; }
  port = atoi(args[1]);
  int in_flight = atoi(args[3]), sockets = 0, poll = epoll_create1(0);
  double warmup = atof(args[4]), seconds = atof(args[5]);
  Socket *all = calloc(MOST_SOCKETS, sizeof *all);
  FILE *list = fopen(args[2], "r");
  char path[400];
  if (!all || !list || poll < 0 || in_flight < 1 || in_flight > MOST_IN_FLIGHT) die("setup");
  while (sockets < MOST_SOCKETS && fscanf(list, "%399s %79s", path, all[sockets].channel) == 2) {
    Socket *s = &all[sockets];
    s->fd = dial();
    open_socket(s->fd, path);
    fcntl(s->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = (uint32_t)sockets++ };
    epoll_ctl(poll, EPOLL_CTL_ADD, s->fd, &event);
  }
  uint64_t start = now_ns(), measure_at = start + (uint64_t)(warmup * 1e9), end = measure_at + (uint64_t)(seconds * 1e9);
  double cpu = 0, cpu_end = 0;
  for (int i = 0; i < sockets; i++) for (int k = 0; k < in_flight; k++) reply(&all[i]);
  for (;;) {
    uint64_t now = now_ns();
    if (!measuring && now >= measure_at && now < end) { measuring = 1; cpu = cpu_seconds(); printf("{\"measuring\":true}\n"); fflush(stdout); }
    if (now >= end) break;
    struct epoll_event ready[128];
    struct timespec wait = { .tv_nsec = 10000000 };
    int n = epoll_pwait2(poll, ready, 128, &wait, NULL);
    for (int i = 0; i < n; i++) {
      Socket *s = &all[ready[i].data.u32];
      ssize_t got = read(s->fd, s->buffer + s->filled, SOCKET_BUFFER - s->filled);
      if (got == 0 || (got < 0 && errno != EAGAIN)) { fprintf(stderr, "the relay closed a socket\n"); return 1; }
      if (got > 0) s->filled = frames(s->buffer, s->filled + (size_t)got, received, s);
    }
  }
  cpu_end = cpu_seconds();
  printf("{\"measured\":true}\n{\"accepted\":%llu,\"refused\":%llu,\"delivered\":%llu,\"skipped\":0,\"seconds\":%.3f,\"p50\":%.4f,\"p99\":%.4f,\"generatorCpu\":%.3f}\n",
    (unsigned long long)accepted, (unsigned long long)refused, (unsigned long long)accepted, seconds, percentile(0.5), percentile(0.99),
    (cpu_end - cpu) / seconds);
  return 0;
}
