// What the load generators have in common: connections, WebSocket frames, latencies. Talks to 127.0.0.1 only.
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

enum { BUCKETS = 200000, BUCKET_NS = 5000 };

static uint32_t latencies[BUCKETS];
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

// Masked with zeros, which changes nothing; of at most 1,000 bytes.
static void send_frame(int fd, const char *text) {
  size_t length = strlen(text), head = length < 126 ? 2 : 4;
  char frame[1024] = { (char)0x81, (char)(0x80 | (length < 126 ? length : 126)), (char)(length >> 8), (char)length };
  if (head == 2) frame[2] = frame[3] = 0;
  memcpy(frame + head + 4, text, length);
  send_all(fd, frame, head + 4 + length);
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
// Hands each whole frame to `received`; what is left at the front of the buffer is the beginning of the next one.
static size_t frames(char *buffer, size_t filled, void (*received)(void *, const char *, size_t), void *context) {
  size_t at = 0;
  while (filled - at >= 2) {
    unsigned char *f = (unsigned char *)buffer + at;
    size_t head = 2, length = f[1] & 0x7f;
    if (length == 126) { if (filled - at < 4) break; length = (size_t)f[2] << 8 | f[3]; head = 4; }
    else if (length == 127) { if (filled - at < 10) break; length = 0; for (int i = 2; i < 10; i++) length = length << 8 | f[i]; head = 10; }
    if (filled - at < head + length) break;
    received(context, buffer + at + head, length);
    at += head + length;
  }
  memmove(buffer, buffer + at, filled - at);
  return filled - at;
}
static void took(uint64_t since) {
  uint64_t bucket = (now_ns() - since) / BUCKET_NS;
  latencies[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
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
