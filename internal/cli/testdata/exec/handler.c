/* A server that handles SIGINT, and whose child ends while it waits in epoll_wait(2): the SIGCHLD
   that it ignores must not interrupt that. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void handler(int signal) {
	(void)signal;
	write(1, "handler\n", 8);
}

int main(void) {
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("FINWAIT_PORT")))};
	int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
	struct sigaction action = {.sa_handler = handler};
	sigaction(SIGINT, &action, NULL);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	bind(listener, (struct sockaddr *)&address, sizeof address);
	listen(listener, 5);
	if (fork() == 0) {
		close(listener);
		usleep(100000);
		_exit(0);
	}
	struct epoll_event event = {.events = EPOLLIN};
	int epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		int n = epoll_wait(epoll, &event, 1, -1);
		printf("epoll_wait: %d\n", n);
		if (n > 0)
			close(accept(listener, NULL, NULL));
	}
}
