/* A server that is not nice: it prints escape sequences and much else, ignores what it can,
   leaves a daemon behind, and sleeps in accept. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("FINWAIT_PORT")))};
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	printf("\033[2J\033]0;title\007\xc2\x9b" "31m\n");
	for (int i = 0; i < 2000; i++)
		printf("line %d of far too many\n", i);
	fflush(stdout);
	bind(listener, (struct sockaddr *)&address, sizeof address);
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			close(0);
			close(1);
			close(2);
			for (;;)
				pause();
		}
		_exit(0);
	}
	listen(listener, 5);
	accept(listener, NULL, NULL);
	for (;;)
		pause();
}
