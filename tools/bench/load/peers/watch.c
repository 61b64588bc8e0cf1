/* watch PID COUNT: says "reached" as soon as the process holds so many descriptors; Linux 6.2 tells their number by stat. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char path[64];
  struct stat s;
  if (argc != 3) return 2;
  snprintf(path, sizeof path, "/proc/%d/fd", atoi(argv[1]));
  if (stat(path, &s) || s.st_size == 0) {
    fprintf(stderr, "the number of descriptors can't be read\n");
    return 3;
  }
  printf("now %ld\n", (long)s.st_size);
  fflush(stdout);
  for (;;) {
    if (stat(path, &s)) return 3;
    if (s.st_size >= atol(argv[2])) break;
    usleep(1000);
  }
  printf("reached\n");
  return 0;
}
