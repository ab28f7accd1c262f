FROM node:22.12.0-bookworm-slim AS node

FROM rust:{{rust}}-bookworm

COPY --from=node /usr/local/bin/node /usr/local/bin/node

ADD bakeoff.tgz /opt/bakeoff/

WORKDIR /app

COPY . /tests/
