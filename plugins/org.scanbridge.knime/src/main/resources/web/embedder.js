// Talks with the page that embeds a view: KNIME's iframe protocol, or a plain browser in tests.
// Requests and answers are window messages; an exception in the embedder gives no answer, hence the time-out.
'use strict';

const TIME_OUT_MS = 20000;
let nextRequest = 1;

export function request(method, params) {
  return new Promise((resolve, reject) => {
    const requestId = 'scanbridge-' + nextRequest++;
    const timer = setTimeout(() => {
      window.removeEventListener('message', listen);
      reject(new Error('KNIME did not answer ' + method + ' within ' + TIME_OUT_MS / 1000 + ' seconds.'));
    }, TIME_OUT_MS);
    function listen(event) {
      const data = event.data;
      if (event.source !== window.parent || !data || data.type !== 'UIExtensionResponse' || data.requestId !== requestId) {
        return;
      }
      clearTimeout(timer);
      window.removeEventListener('message', listen);
      resolve(data.payload);
    }
    window.addEventListener('message', listen);
    window.parent.postMessage({ type: 'UIExtensionRequest', requestId, payload: { method, params } }, '*');
  });
}

function parsed(value) {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

// The initial data of the view. Throws an error whose message is meant for the user.
export async function initialData() {
  const config = await request('getConfig', []);
  window.parent.postMessage({ type: 'UIExtensionReady' }, '*');
  const envelope = parsed(config.initialData);
  if (envelope && envelope.userError) {
    throw new Error(envelope.userError.message);
  }
  if (envelope && envelope.internalError) {
    throw new Error('The view failed: ' + envelope.internalError.message);
  }
  return envelope ? envelope.result : null;
}

let nextCall = 1;
let where = null;

// Calls a method of the view's data service. Throws an error whose message is meant for the user.
export async function call(method, params) {
  where = where || await request('getConfig', []);
  const { nodeId, projectId, workflowId } = where;
  const dataServiceRequest = JSON.stringify({ jsonrpc: '2.0', id: nextCall++, method, params });
  const payload = await request('callNodeDataService',
    [{ nodeId, projectId, workflowId, extensionType: 'view', serviceType: 'data', dataServiceRequest }]);
  const answer = parsed(payload.result);
  if (answer.error) {
    throw new Error(answer.error.message);
  }
  return answer.result;
}

// KNIME gives the focus back to its canvas.
export function escapePressed() {
  window.parent.postMessage({ type: 'UIExtensionEscapePressed' }, '*');
}
