/** Where the pages lie inside the extension: paths of the build's root, which the manifest and links share. */
export const popupPage = 'popup/index.html'
export const optionsPage = 'options/index.html'
export const welcomePage = 'welcome/index.html'
