// What is too much for one page: an index that leads to lists, and lists that lead to pages of their own, in a folder beside the index.
import Handlebars from "handlebars";
import { oneLine } from "./format.ts";
import { fileNamePart } from "./formats/file-name.ts";
import { mapTexts } from "./map-texts.ts";
import STYLE from "./page.css.hbs";
import LIST from "./paged-list.html.hbs";
import PAGE from "./paged.html.hbs";

/** A page alone holds no more than so many trials and planted patches. */
export const MOST_ON_ONE_PAGE = 2000;
export const MOST_IN_A_LIST = 500;

export interface Page {
  /** Below the index's folder. */
  readonly file: string;
  readonly text: string;
}

export interface ListedItem {
  readonly id: string;
  readonly summary: string;
  readonly tone: string;
  /** The number of its own page, beside the list. */
  readonly page: number;
}

const escaped = (text: string): string => Handlebars.escapeExpression(oneLine(text));

const listFile = (number: number): string => `list-${number}.html`;

const pageTemplate = Handlebars.create().compile(PAGE);
const listTemplate = Handlebars.create().compile(LIST);

/** The pages of one run's report. The folder is named after the run: those of two runs never lie in one. */
export class PagedReport {
  readonly folder: string;
  private readonly index: string;
  private readonly title: string;
  private pages: Page[] = [];
  private held: ListedItem[] = [];
  private lists = 0;

  /** `index`: the file name of the page that leads here. */
  constructor({ index, run, title }: { readonly index: string; readonly run: string; readonly title: string }) {
    this.index = index;
    this.title = title;
    this.folder = `${index.replace(/\.html$/, "")}-${fileNamePart(run)}`;
    this.pages.push({ file: `${this.folder}/style.css`, text: STYLE.trim() });
  }

  /** A page of its own; `body`: HTML, escaped by whoever made it. */
  add(number: number, title: string, body: string): void {
    const list = this.lists + 1;
    this.put(`${number}.html`, { title, body, back: listFile(list), backTo: `${this.title}, list ${list}` });
  }

  /** Gives the index's line for a list that is full, else nothing. */
  list(item: ListedItem): string {
    this.held.push(item);
    return this.held.length === MOST_IN_A_LIST ? this.endList() : "";
  }

  /** Gives the index's line for what is in no list yet. */
  endList(): string {
    const [first, last] = [this.held[0], this.held.at(-1)];
    if (!first || !last) return "";
    const items = this.held.map(({ page: number, ...item }) => ({ ...mapTexts(item, oneLine), file: `${number}.html` }));
    const red = this.held.filter(({ tone }) => tone === "bad").length;
    this.held = [];
    return this.addList(listTemplate({ items }), { name: `${first.id} to ${last.id}`, about: `${items.length}, ${red} of them red` });
  }

  /** Gives the index's line for it; `body`: HTML. */
  addList(body: string, { name, about }: { readonly name: string; readonly about: string }): string {
    this.lists += 1;
    const file = listFile(this.lists);
    this.put(file, { title: `${this.title}, list ${this.lists}`, body, back: `../${this.index}`, backTo: this.title });
    return `<p><a href="${this.folder}/${file}">${escaped(name)}</a>: ${escaped(about)}</p>\n`;
  }

  /** What has come to be since this was last asked. */
  take(): readonly Page[] {
    const { pages } = this;
    this.pages = [];
    return pages;
  }

  private put(file: string, { body, ...texts }: { readonly title: string; readonly back: string; readonly backTo: string; readonly body: string }): void {
    this.pages.push({ file: `${this.folder}/${file}`, text: pageTemplate({ ...mapTexts(texts, oneLine), body }) });
  }
}
