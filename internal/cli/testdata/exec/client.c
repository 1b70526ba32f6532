/* The client of the story: it reads once and ends. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
	char buffer[99];
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("FINWAIT_PORT")))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	inet_pton(AF_INET, getenv("FINWAIT_SERVER"), &address.sin_addr);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		perror("connect");
		return 1;
	}
	printf("read: %zd\n", read(fd, buffer, sizeof buffer));
	return 0;
}
