// Posts a file by XMLHttpRequest, the one way in a browser to see how much of it has been sent. Called by main.tsx.
import { limits, type Upload } from './office-state.ts';

export const upload: Upload = (path, file, onSent) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.timeout = limits.fileMs;
    request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 0 : loaded / total);
    request.upload.onload = () => onSent(1);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    const fail = () => reject(new TypeError('the hub cannot be reached'));
    request.onerror = fail;
    request.ontimeout = fail;
    request.onabort = fail;
    request.send(file);
  });
