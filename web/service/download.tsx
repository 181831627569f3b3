import { type AnchorHTMLAttributes, type MouseEvent, type ReactNode, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import { fetchAnswer } from '../answered.ts';
import { saveFile } from '../save-file.ts';

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
  /** Of the file that is saved. */
  readonly download: string;
}

/** A link that saves a file, and says why where the service does not give it: a browser's own download fails in silence. */
export function Download({ href, download, ...link }: Props): ReactNode {
  const [fault, setFault] = useState<string>();
  const save = async (event: MouseEvent): Promise<void> => {
    // With these the browser opens it elsewhere
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setFault(undefined);
    try {
      saveFile(download, await fetchAnswer(href, {}, (response) => response.blob()));
    } catch (thrown) {
      setFault(messageOf(thrown));
    }
  };
  return (
    <>
      <a {...link} href={href} download={download} onClick={save} />
      {fault !== undefined && (
        <span className="fault" role="alert">
          {' '}
          {download}: {fault}
        </span>
      )}
    </>
  );
}
