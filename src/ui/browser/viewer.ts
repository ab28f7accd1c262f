// The viewer's script: filters, keys, copying, and the live page. Every page is whole without it.
import { enableCopy } from "./copy.ts";
import { enableFind, enableGrid } from "./grid.ts";
import { enableKeys } from "./keys.ts";
import { enableLive, enableRefresh } from "./live.ts";

enableGrid();
enableFind();
enableKeys();
enableCopy();
enableLive();
enableRefresh();
