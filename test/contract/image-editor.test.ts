import { imageEditor } from '../../native-host/adapters/image-sharp.ts'
import { imageEditorContract } from './image-editor.ts'

imageEditorContract('sharp', imageEditor)
