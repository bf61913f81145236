# One light image for migrate, gateway, worker and web. Temporal comes from its own official images.
FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /quaydesk ./cmd/quaydesk

FROM alpine:3.22
RUN apk add --no-cache ca-certificates tzdata && adduser -D -H -u 10001 quaydesk
COPY --from=build /quaydesk /usr/local/bin/quaydesk
USER 10001
EXPOSE 8080
ENTRYPOINT ["quaydesk"]
