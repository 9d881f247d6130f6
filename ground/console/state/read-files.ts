/** A file as base64, without the address in front of it. */
export async function readBase64(file: Blob): Promise<string> {
  return await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const text = typeof reader.result === 'string' ? reader.result : '';
      resolve(text.slice(text.indexOf(',') + 1));
    };
    reader.onerror = () => {
      reject(new Error('the file cannot be read'));
    };
    reader.readAsDataURL(file);
  });
}
