# The program with a Rust toolchain, for those who want an image. Nobody builds or tests it here.
# docker build -t bakeoff . && docker run --rm -v "$PWD:/work" bakeoff run
FROM node:22-bookworm AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund && npm pack --pack-destination /tmp

FROM rust:1-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap git && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /usr/local/lib/node_modules /usr/local/lib/node_modules
COPY --from=build /tmp/bakeoff-*.tgz /tmp/
RUN ln -s /usr/local/lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && npm install --global /tmp/bakeoff-*.tgz && rm /tmp/bakeoff-*.tgz
# A container rarely allows namespaces: `bakeoff doctor` says which wall there is, and what it can't do.
RUN useradd --create-home bakeoff
USER bakeoff
WORKDIR /work
ENTRYPOINT ["bakeoff"]
