/* The server of the story: it writes twice to whoever comes. With "ignore" it ignores SIGPIPE;
   with "fork" a child serves each client. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(int client) {
	for (int i = 0; i < 3; i++) {
		sleep(1);
		printf("write: %zd\n", write(client, "hello, world\n", 13));
	}
	close(client);
}

int main(int argc, char **argv) {
	const char *how = argc > 1 ? argv[1] : "";
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("FINWAIT_PORT")))};
	int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
	if (strcmp(how, "ignore") == 0)
		signal(SIGPIPE, SIG_IGN);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) {
		perror("bind");
		return 1;
	}
	listen(listener, 5);
	for (;;) {
		int client = accept(listener, NULL, NULL);
		if (client < 0) {
			perror("accept");
			continue;
		}
		if (strcmp(how, "fork") != 0) {
			serve(client);
			continue;
		}
		if (fork() == 0) {
			close(listener);
			serve(client);
			return 0;
		}
		close(client);
	}
}
