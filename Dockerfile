# Two stages: a static binary, and an image that holds nothing beside it.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/hallmark ./cmd/hallmark \
	&& mkdir -p /out/data

FROM scratch
# Certificates for did:web look-ups, mail and webhooks; time zones are in the binary.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/hallmark /hallmark
# Database, evidence and sealing key: mount a volume here and keep it.
COPY --from=build --chown=65532:65532 --chmod=0700 /out/data /data
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/hallmark"]
CMD ["serve", "--addr", ":8080", "--data", "/data"]
